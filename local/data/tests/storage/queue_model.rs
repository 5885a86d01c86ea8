//! A queue against a model of one: random operations, a driven clock, the same answers.

use std::time::Duration;

use proptest::{collection::vec, prelude::*, test_runner::Config};
use reqwest::Method;

use crate::account::{Account, answer};

/// What happens, in an order that proptest chooses.
#[derive(Clone, Debug)]
enum Step {
    Send {
        delay_s: i64,
        time_to_live_s: Option<i64>,
    },
    Receive {
        max: usize,
        invisible_s: i64,
    },
    Peek {
        max: usize,
    },
    /// Of all receipts ever seen, the `which`-th from the end: often one that is stale.
    Update {
        which: usize,
        invisible_s: i64,
        with_text: bool,
    },
    Delete {
        which: usize,
    },
    Wait {
        seconds: i64,
    },
    Clear,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let hundreds = |most: i64| (0..=most).prop_map(|n| n * 100);
    let step = prop_oneof![
        4 => (hundreds(2), proptest::option::of(Just(250_i64)))
            .prop_map(|(delay_s, time_to_live_s)| Step::Send { delay_s, time_to_live_s }),
        4 => (1..4_usize, (1..3_i64)).prop_map(|(max, n)| Step::Receive { max, invisible_s: n * 100 }),
        1 => (1..5_usize).prop_map(|max| Step::Peek { max }),
        2 => (0..4_usize, hundreds(2), any::<bool>())
            .prop_map(|(which, invisible_s, with_text)| Step::Update { which, invisible_s, with_text }),
        2 => (0..4_usize).prop_map(|which| Step::Delete { which }),
        3 => hundreds(2).prop_map(|seconds| Step::Wait { seconds: seconds + 50 }),
    ];
    vec(prop_oneof![40 => step, 1 => Just(Step::Clear)], 1..60)
}

#[derive(Clone, Debug)]
struct ModelMessage {
    id: String,
    receipt: String,
    text: String,
    count: u32,
    /// Seconds on the driven clock, and the step in which that was decided: what is decided later is later.
    visible: (i64, usize),
    expires: (i64, usize),
    sequence: usize,
}

#[derive(Default)]
struct Model {
    now: (i64, usize),
    messages: Vec<ModelMessage>,
    /// Every id and receipt that was ever given out.
    receipts: Vec<(String, String)>,
}

impl Model {
    fn visible(&self, max: usize) -> Vec<ModelMessage> {
        let mut visible: Vec<_> =
            self.alive().filter(|message| message.visible <= self.now).cloned().collect();
        visible.sort_by_key(|message| (message.visible, message.sequence));
        visible.truncate(max);
        visible
    }

    fn alive(&self) -> impl Iterator<Item = &ModelMessage> {
        self.messages.iter().filter(|message| message.expires > self.now)
    }

    fn find(&mut self, id: &str) -> Option<&mut ModelMessage> {
        let now = self.now;
        self.messages.iter_mut().find(|message| message.id == id && message.expires > now)
    }

    fn later(&self, seconds: i64) -> (i64, usize) {
        (self.now.0 + seconds, self.now.1)
    }

    fn nth_receipt(&self, which: usize) -> Option<(String, String)> {
        self.receipts.iter().rev().nth(which).cloned()
    }
}

/// Takes one step on both sides and compares what they say.
async fn take(account: &Account, model: &mut Model, step: &Step) -> Result<(), TestCaseError> {
    model.now.1 += 1;
    match step {
        Step::Send { delay_s, time_to_live_s } => {
            send(account, model, *delay_s, *time_to_live_s).await
        }
        Step::Receive { max, invisible_s } => receive(account, model, *max, *invisible_s).await?,
        Step::Peek { max } => {
            let path = format!("jobs/messages?peekonly=true&numofmessages={max}");
            let seen = answer(account.message(Method::GET, &path)).await;
            let expected: Vec<_> =
                model.visible(*max).into_iter().map(|message| message.text).collect();
            prop_assert_eq!(seen.elements("MessageText"), expected);
        }
        Step::Update { which, invisible_s, with_text } => {
            update(account, model, *which, *invisible_s, *with_text).await?;
        }
        Step::Delete { which } => delete(account, model, *which).await?,
        Step::Wait { seconds } => {
            account.services.clock().advance(Duration::from_secs(seconds.unsigned_abs()));
            model.now.0 += seconds;
        }
        Step::Clear => {
            prop_assert_eq!(
                answer(account.message(Method::DELETE, "jobs/messages")).await.status,
                204
            );
            model.messages.clear();
        }
    }
    let described = answer(account.message(Method::GET, "jobs?comp=metadata")).await;
    prop_assert_eq!(
        described.header("x-ms-approximate-messages-count"),
        model.alive().count().to_string()
    );
    Ok(())
}

async fn send(account: &Account, model: &mut Model, delay_s: i64, time_to_live_s: Option<i64>) {
    let text = format!("message {}", model.now.1);
    let ttl = time_to_live_s.map(|seconds| format!("&messagettl={seconds}")).unwrap_or_default();
    let path = format!("jobs/messages?visibilitytimeout={delay_s}{ttl}");
    let body = format!("<QueueMessage><MessageText>{text}</MessageText></QueueMessage>");
    let sent = answer(account.message(Method::POST, &path).body(body)).await;
    let (id, receipt) =
        (sent.element("MessageId").to_owned(), sent.element("PopReceipt").to_owned());
    model.receipts.push((id.clone(), receipt.clone()));
    model.messages.push(ModelMessage {
        id,
        receipt,
        text,
        count: 0,
        visible: model.later(delay_s),
        expires: model.later(time_to_live_s.unwrap_or(7 * 24 * 60 * 60)),
        sequence: model.now.1,
    });
}

async fn receive(
    account: &Account,
    model: &mut Model,
    max: usize,
    invisible_s: i64,
) -> Result<(), TestCaseError> {
    let path = format!("jobs/messages?numofmessages={max}&visibilitytimeout={invisible_s}");
    let got = answer(account.message(Method::GET, &path)).await;
    let expected = model.visible(max);
    let texts: Vec<_> = expected.iter().map(|message| message.text.clone()).collect();
    let counts: Vec<_> = expected.iter().map(|message| (message.count + 1).to_string()).collect();
    prop_assert_eq!(got.elements("MessageText"), texts);
    prop_assert_eq!(got.elements("DequeueCount"), counts);
    let visible = model.later(invisible_s);
    for (id, receipt) in got.elements("MessageId").into_iter().zip(got.elements("PopReceipt")) {
        model.receipts.push((id.to_owned(), receipt.to_owned()));
        let message = model.find(id).expect("a message the model knows");
        message.count += 1;
        message.visible = visible;
        receipt.clone_into(&mut message.receipt);
    }
    Ok(())
}

async fn update(
    account: &Account,
    model: &mut Model,
    which: usize,
    invisible_s: i64,
    with_text: bool,
) -> Result<(), TestCaseError> {
    let Some((id, receipt)) = model.nth_receipt(which) else { return Ok(()) };
    let escaped = receipt.replace('+', "%2B");
    let path = format!("jobs/messages/{id}?popreceipt={escaped}&visibilitytimeout={invisible_s}");
    let text = format!("updated {}", model.now.1);
    let mut request = account.message(Method::PUT, &path);
    if with_text {
        request =
            request.body(format!("<QueueMessage><MessageText>{text}</MessageText></QueueMessage>"));
    }
    let updated = answer(request).await;
    let visible = model.later(invisible_s);
    match model.find(&id) {
        None => prop_assert_eq!(updated.refusal(), (404, "MessageNotFound")),
        Some(message) if message.receipt != receipt => {
            prop_assert_eq!(updated.refusal(), (400, "PopReceiptMismatch"));
        }
        Some(message) => {
            prop_assert_eq!(updated.status, 204);
            message.visible = visible;
            updated.header("x-ms-popreceipt").clone_into(&mut message.receipt);
            if with_text {
                message.text = text;
            }
            model.receipts.push((id, updated.header("x-ms-popreceipt").to_owned()));
        }
    }
    Ok(())
}

async fn delete(account: &Account, model: &mut Model, which: usize) -> Result<(), TestCaseError> {
    let Some((id, receipt)) = model.nth_receipt(which) else { return Ok(()) };
    let path = format!("jobs/messages/{id}?popreceipt={}", receipt.replace('+', "%2B"));
    let deleted = answer(account.message(Method::DELETE, &path)).await;
    match model.find(&id) {
        None => prop_assert_eq!(deleted.refusal(), (404, "MessageNotFound")),
        Some(message) if message.receipt != receipt => {
            prop_assert_eq!(deleted.refusal(), (400, "PopReceiptMismatch"));
        }
        Some(_) => {
            prop_assert_eq!(deleted.status, 204);
            model.messages.retain(|message| message.id != id);
        }
    }
    Ok(())
}

proptest! {
    // A case that fails prints its steps; they repeat it.
    #![proptest_config(Config { cases: 48, failure_persistence: None, ..Config::default() })]

    #[test]
    fn a_queue_does_what_the_model_says(steps in steps(), durable in proptest::bool::weighted(0.15)) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let directory = tempfile::tempdir().unwrap();
            let data = durable.then(|| directory.path().to_owned());
            let account = Account::start(local_data::Options { data, ..local_data::Options::ephemeral() }).await;
            answer(account.message(Method::PUT, "jobs")).await;
            let mut model = Model::default();
            for step in &steps {
                take(&account, &mut model, step).await?;
            }
            account.services.stop().await;
            Ok::<(), TestCaseError>(())
        })?;
    }
}
