//! A handler that answers as it is told and remembers what it was asked.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use futures::future::BoxFuture;
use http::StatusCode;
use local_host::invocation::{Invocation, InvocationError, InvocationReply, Invoke};
use serde_json::{Value, json};
use tokio::sync::{Notify, Semaphore};
use uuid::Uuid;

/// What the handler was asked.
#[derive(Clone, Debug)]
pub struct Seen {
    pub id: Uuid,
    pub function: String,
    pub body: Value,
}

impl Seen {
    /// The text of the trigger's value: what is inside the quotes.
    pub fn text(&self, name: &str) -> String {
        serde_json::from_str(self.body["Data"][name].as_str().expect("a string"))
            .expect("a quoted text")
    }

    /// The JSON inside the quoted text.
    pub fn json(&self, name: &str) -> Value {
        serde_json::from_str(&self.text(name)).expect("JSON inside the text")
    }
}

/// What it answers.
#[derive(Clone, Debug)]
pub enum Answer {
    Reply(Value),
    Status(u16),
    /// The connection breaks.
    Break,
    /// After the gate is opened once.
    Behind(Arc<Semaphore>, Box<Answer>),
}

/// A closed gate: `add_permits` lets that many through.
pub fn gate() -> Arc<Semaphore> {
    Arc::new(Semaphore::new(0))
}

#[derive(Default)]
pub struct Script {
    /// The next answers; when they are used up, `always`.
    next: Mutex<VecDeque<Answer>>,
    always: Mutex<Option<Answer>>,
    seen: Mutex<Vec<Seen>>,
    called: Notify,
    failures: Mutex<Vec<String>>,
    logs: Mutex<Vec<String>>,
}

impl Script {
    /// Answers so from now on; `{}` otherwise.
    pub fn always(&self, answer: Answer) {
        *self.always.lock().unwrap() = Some(answer);
    }

    /// Answers so next.
    pub fn then(&self, answer: Answer) {
        self.next.lock().unwrap().push_back(answer);
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    pub fn calls(&self) -> usize {
        self.seen.lock().unwrap().len()
    }

    /// Waits until a function was called so many times.
    pub async fn called(&self, function: &str, times: usize) -> Vec<Seen> {
        let calls = async {
            loop {
                let called = self.called.notified();
                let seen: Vec<Seen> =
                    self.seen().into_iter().filter(|seen| seen.function == function).collect();
                if seen.len() >= times {
                    return seen;
                }
                called.await;
            }
        };
        let in_time = tokio::time::timeout(super::DEADLINE, calls).await;
        in_time.unwrap_or_else(|_| {
            panic!("{function} is called {times} times; calls: {:?}", self.seen())
        })
    }

    pub fn failures(&self) -> Vec<String> {
        self.failures.lock().unwrap().clone()
    }

    pub fn logs(&self) -> Vec<String> {
        self.logs.lock().unwrap().clone()
    }

    fn answer(&self) -> Answer {
        let next = self.next.lock().unwrap().pop_front();
        next.or_else(|| self.always.lock().unwrap().clone()).unwrap_or(Answer::Reply(json!({})))
    }
}

impl Invoke for Script {
    fn invoke(
        &self,
        invocation: Invocation,
    ) -> BoxFuture<'_, Result<InvocationReply, InvocationError>> {
        Box::pin(async move {
            let body = serde_json::from_slice(&invocation.body).unwrap();
            self.seen.lock().unwrap().push(Seen {
                id: invocation.id,
                function: invocation.function.clone(),
                body,
            });
            self.called.notify_waiters();
            let mut answer = self.answer();
            while let Answer::Behind(gate, behind) = answer {
                gate.acquire().await.unwrap().forget();
                answer = *behind;
            }
            let (status, body) = match answer {
                Answer::Reply(body) => (200, body),
                Answer::Status(status) => (status, json!({})),
                Answer::Break | Answer::Behind(..) => {
                    let (app, function) = (invocation.app, invocation.function);
                    return Err(InvocationError::Connection {
                        app,
                        function,
                        why: "connection reset".into(),
                    });
                }
            };
            Ok(InvocationReply {
                status: StatusCode::from_u16(status).unwrap(),
                content_type: Some("application/json".into()),
                body: body.to_string().into(),
            })
        })
    }

    fn report_failure(&self, _id: Uuid, reason: &str) {
        self.failures.lock().unwrap().push(reason.to_owned());
    }

    fn report_logs(&self, _id: Uuid, lines: &[String]) {
        self.logs.lock().unwrap().extend_from_slice(lines);
    }
}
