//! Running functions that no request calls, now.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{Platform, waiting};

/// The host's word for the trigger of such a run.
const BY_HAND: &str = "admin";

impl Platform {
    /// Runs a timer's function as its schedule would, and waits for its end.
    pub async fn run_timer(&self, function: &str) {
        self.run(function, "").await;
    }

    /// Runs a function of a queue, the change feed or Event Grid with this as its message, documents or event, once, and waits for its end.
    pub async fn run_message(&self, function: &str, message: &Value) {
        self.run(function, &message.to_string()).await;
    }

    async fn run(&self, function: &str, input: &str) {
        let before = self.runs_by_hand(function);
        self.start_by_hand(function, input).await;
        let what = format!("the end of {function}, run by hand,");
        self.eventually(&what, async || (self.runs_by_hand(function) > before).then_some(())).await;
    }

    /// Runs a timer's function, and does not wait for its end.
    pub(crate) async fn start_timer(&self, function: &str) {
        self.start_by_hand(function, "").await;
    }

    /// Runs a function with each of these texts at once, and waits no longer than so until it has ended so often.
    pub(crate) async fn try_runs(&self, function: &str, inputs: &[String], deadline: Duration) {
        let wanted = self.runs_by_hand(function) + inputs.len();
        for input in inputs {
            self.start_by_hand(function, input).await;
        }
        let ended = async || (self.runs_by_hand(function) >= wanted).then_some(());
        waiting::look_until(deadline, &ended).await;
    }

    async fn start_by_hand(&self, function: &str, input: &str) {
        let url = format!("{}/admin/functions/{}/{function}", self.url(), self.app().name);
        let body = json!({ "input": input }).to_string();
        let request = self.http().post(url).header("content-type", "application/json").body(body);
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 202, "running {function} by hand: {answer:?}");
    }

    fn runs_by_hand(&self, function: &str) -> usize {
        let runs = self.host().invocations();
        runs.iter().filter(|run| run.trigger == BY_HAND && run.function == function).count()
    }
}
