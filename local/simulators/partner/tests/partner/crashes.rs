//! Killed at any instant, it has what it answered for.

use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use webhooks::{Secret, Signer};

use crate::rig::{BODY, Process, http, signed};

const KILLS: usize = 5;
const EACH: usize = 20;

#[tokio::test]
async fn what_it_took_it_has_after_being_killed() {
    let (data, http, secret) = (tempfile::tempdir().unwrap(), http(), Secret::generate());
    let signer = Signer::new(secret.clone());
    for round in 0..KILLS {
        let partner = Process::start(data.path());
        if round == 0 {
            let url = format!("{}v1/simulation/receivers/main", partner.1);
            http.put(url).json(&json!({"keys": [secret.expose()]})).send().await.unwrap();
            http.get(format!("{}return?consentId=c-1", partner.1)).send().await.unwrap();
        }
        for number in 0..EACH {
            let request = http.post(format!("{}hooks/main", partner.1)).body(BODY);
            let headers = signed(&signer, &format!("msg_{round}-{number}"), 0);
            let pairs = headers.pairs();
            let request = pairs.iter().fold(request, |r, (name, value)| r.header(*name, *value));
            assert_eq!(request.send().await.unwrap().status(), 200);
        }
        // Killed here.
    }
    let partner = Process::start(data.path());
    let get = async |path: &str| {
        let answer = http.get(format!("{}v1/simulation{path}", partner.1)).send().await.unwrap();
        answer.json::<Value>().await.unwrap()
    };
    let counts = get("").await;
    let (all, returns) = (json!(KILLS * EACH), json!(1));
    assert_eq!((&counts["taken"], &counts["attempts"], &counts["returns"]), (&all, &all, &returns));
    let messages = get("/received?after=99").await;
    assert_eq!(messages["messages"][0]["id"], json!("msg_4-19"));
}
