//! What must hold of every queue of every app: nothing that lies in it is lost, and an outage makes no dead letters.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use local_data::{Fault, Gate, Requests, Rule, RuleId, Service, When};
use serde_json::{Value, json};

use crate::Platform;

/// The timer of the poison queues, in every app.
const TIMER: &str = "poison_queues";
/// An outage, and how time goes on in it.
const OUTAGE: Duration = Duration::from_secs(10 * 60);
const STEP: Duration = Duration::from_secs(30);
/// Longer than a message is hidden that somebody takes.
const HIDDEN_FOR: Duration = Duration::from_secs(15 * 60);
/// A message of a poison queue that the host hands out is handed out five times.
const KILLS: usize = 6;

/// Texts that no function can read: as they are in the queue, and as a letter shows them.
fn garbage() -> Vec<(String, String)> {
    let plain = ["plain words", "{\"specversion\": \"1.0\"}", "ä😀 <&>", "e30"];
    let long = "x y ".repeat(16 * 1024);
    let texts = ["", "plain words in base64", "{}", "[]", "null", "7", "\"text\""];
    let nested = ["{\"a\":".repeat(5_000), format!("{}{}", "[".repeat(200), "]".repeat(200))];
    let encode = |bytes: &[u8]| STANDARD.encode(bytes);
    let raw = plain.map(str::to_owned).into_iter().chain([long]);
    let texts = texts.map(str::to_owned).into_iter().chain(nested);
    let bytes = [vec![0xff, 0xfe, 0x00], vec![0x80; 48 * 1024]];
    raw.map(|text| (text.clone(), text))
        .chain(texts.map(|text| (encode(text.as_bytes()), text)))
        .chain(bytes.map(|bytes| (encode(&bytes), encode(&bytes))))
        .collect()
}

impl Platform {
    /// Garbage of every kind, in the queue and in its poison queue, is in letters as it was; each of them can be read, and
    /// what is sent once more, whatever is in it, does no harm. `letters` is the path of the API.
    pub async fn keeps_garbage(&self, queue: &str, letters: &str) {
        let poison = format!("{queue}-poison");
        for (raw, _) in garbage() {
            self.queue(queue).send_raw(&raw).await;
            self.queue(&poison).send_raw(&raw).await;
        }
        self.until_empty(&[queue, &poison]).await;
        let kept = self.open_letters(letters).await;
        for (_, shown) in garbage() {
            let letter = kept.iter().find(|letter| letter["message"] == shown.as_str());
            let letter = letter.unwrap_or_else(|| panic!("no letter has {shown:.40?}"));
            let path = format!("{letters}/{}", letter["id"].as_str().unwrap());
            assert_eq!(self.get(&path).await.expect(200).json()["message"], shown.as_str());
            let sent = self.post(&path, &json!({"action": "redrive"})).await;
            // What is empty or too long for a queue is refused.
            assert!([200, 422].contains(&sent.status), "{shown:.40?}: {sent:?}");
        }
        self.until_empty(&[queue, &poison]).await;
        let shows =
            |letters: &[Value], text: &str| letters.iter().any(|letter| letter["message"] == text);
        let again = self.open_letters(letters).await;
        for (_, shown) in garbage() {
            assert!(shows(&again, &shown), "{shown:.40?} is gone");
        }
        self.is_ready().await;
    }

    /// While these services fail for ten minutes, and after, until all queues are empty. Messages are sent before.
    pub async fn outage(&self, services: &[Service], queues: &[&str]) {
        let rules: Vec<RuleId> = services.iter().map(|service| self.down(*service)).collect();
        let mut passed = Duration::ZERO;
        while passed < OUTAGE {
            self.quiet().await;
            self.travel(STEP);
            passed += STEP;
        }
        rules.into_iter().for_each(|rule| self.faults().remove(rule));
        self.until_empty(queues).await;
    }

    /// Kills the handler again and again while it is at a message of a poison queue, whose work makes these requests to
    /// Cosmos DB; then lets it work. `send` sends the message.
    pub async fn killed_at_poison(&self, requests: Requests, send: impl AsyncFn()) {
        let hold = || {
            let gate = Gate::new();
            let fault = Fault::Hold(gate.clone());
            let rule = Rule {
                service: Service::Cosmos,
                only: requests.clone(),
                fault,
                when: When::Always,
            };
            (self.faults().add(rule), gate)
        };
        let (mut rule, mut gate) = hold();
        let mut held = Vec::new();
        send().await;
        for _ in 0..KILLS {
            // The schedule would come to it, too.
            self.start_timer(TIMER).await;
            gate.reached().await;
            let next = hold();
            self.host().kill_handler(self.app().name).await;
            self.faults().remove(rule);
            held.push(gate);
            (rule, gate) = next;
            // After three crashes the platform starts a new host.
            let restart = format!("{}/admin/host/restart", self.url());
            assert_eq!(self.http().post(restart).send().await.unwrap().status(), 200);
            self.travel(HIDDEN_FOR);
        }
        self.faults().remove(rule);
        // What a killed handler had asked for is done late.
        held.iter().chain([&gate]).for_each(Gate::open);
    }

    /// Waits until nothing is in these queues; time goes on meanwhile.
    pub async fn until_empty(&self, queues: &[&str]) {
        let empty = async || {
            for queue in queues {
                if self.queue(queue).length().await > 0 {
                    return None;
                }
            }
            Some(())
        };
        self.eventually_with_time("the end of all messages", STEP, empty).await;
    }

    /// All open letters.
    pub async fn open_letters(&self, letters: &str) -> Vec<Value> {
        let list = self.get(&format!("{letters}?limit=100")).await.expect(200).json();
        list["items"].as_array().unwrap().clone()
    }

    fn down(&self, service: Service) -> RuleId {
        // The client asks again a few times, and at once.
        let fault = Fault::Throttle { retry_after: Duration::from_millis(1) };
        self.faults().add(Rule { service, only: Requests::any(), fault, when: When::Always })
    }

    async fn is_ready(&self) {
        let described = self.app().description();
        let health = described.functions.iter().find(|function| function.name == "health");
        let route = health.and_then(|health| health.route.clone()).unwrap();
        self.get(&format!("/{}", route.replace("{probe}", "ready"))).await.expect(200);
    }
}
