//! What the bank answered is so after a kill.

use pretty_assertions::assert_eq;
use serde_json::json;

use crate::rig::Rig;

#[tokio::test]
async fn requests_codes_and_tokens_are_good_after_a_kill_and_what_is_spent_stays_spent() {
    let dir = tempfile::tempdir().unwrap();
    let rig = Rig::kept_in(dir.path()).await;
    let (token, revoked) = (rig.token_by_consent("joint").await, rig.token("saver").await);
    let (request_uri, code) = (rig.request_uri().await, rig.code("salaried").await);
    let (used, withdrawn) = (rig.code("salaried").await, rig.token("overdrawn").await);
    assert_eq!(rig.exchange(&used, &[]).await.0, 200);
    rig.post("v1/simulation/withdrawals", &json!({"customer": "overdrawn"})).await;
    rig.as_credit("revoke", &[("token", &token)]).await;
    let before = rig.accounts(&revoked).await;

    let rig = rig.restarted(dir.path()).await;
    assert_eq!(rig.get(&token, "accounts").await.0, 401);
    assert_eq!(rig.get(&withdrawn, "accounts").await.0, 403);
    assert_eq!(rig.accounts(&revoked).await, before);
    assert_eq!(rig.exchange(&code, &[]).await.0, 200);
    assert_eq!(rig.exchange(&used, &[]).await.0, 400);
    assert_eq!(rig.decide(&request_uri, "salaried", "approve").await.0, 200);
    assert_eq!(rig.decide(&request_uri, "salaried", "approve").await.0, 400);
}

#[tokio::test]
async fn with_another_seed_the_same_token_opens_another_persons_account() {
    let options = |seed| bank::Options { seed, ..bank::Options::ephemeral() };
    let one = Rig::with(options(1)).await;
    let two = Rig::with(options(2)).await;
    let first = one.accounts(&one.token("salaried").await).await;
    assert_eq!(first, one.accounts(&one.token("salaried").await).await);
    assert_ne!(first, two.accounts(&two.token("salaried").await).await);
}
