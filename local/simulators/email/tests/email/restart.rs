//! What the mail service took is there after a kill.

use std::time::Duration;

use email::Options;
use pretty_assertions::assert_eq;
use serde_json::json;

use crate::rig::{Rig, mail};

#[tokio::test]
async fn mails_and_reports_outlive_a_kill() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().to_owned();
    let rig = Rig::with(|options| Options { data: Some(data), ..options }).await;
    rig.topic_is(&json!({"down": "internal-error"})).await;
    let id = rig.sent("kim@example.com").await;
    rig.faults("runningSeconds=600");
    let later = rig.sent("tim@example.com").await;

    let rig = rig.restarted(dir.path()).await;
    assert_eq!(rig.state(id).await.1["status"], "Succeeded");
    assert_eq!(rig.state(later).await.1["status"], "NotStarted");
    assert_eq!(rig.get("v1/simulation/mails/1").await["message"], mail("kim@example.com"));
    assert_eq!(rig.send(id, &mail("kim@example.com")).await.0, 202);
    assert_eq!(rig.mails("kim").await[0]["times"], 1);
    rig.topic_is(&json!({})).await;
    rig.clock.advance(Duration::from_mins(10));
    assert_eq!(rig.published(2).await.len(), 2);
    assert_eq!(rig.state(later).await.1["status"], "Succeeded");
}
