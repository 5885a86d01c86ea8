//! Each step of an order that is charged to an account, restarted in each state in which an order can be: it comes to the same end and nothing is there
//! twice, or it is refused with the reason that the contract names and changes nothing.

use crate::support::KIM;
use crate::whole::{Effects, NEVER, WholeApp};
use app_tests::this_app;
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use std::time::Duration;

/// What an order of two pieces for a year comes to with VAT, in euros.
const TOTAL: usize = 885;
/// What payloads live, and a day.
const EXPIRED: Duration = Duration::from_secs(31 * 24 * 60 * 60);

/// How an order stands when a step is restarted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// The step is being made.
    Running,
    /// The step before it is being made.
    Waiting,
    /// The step failed.
    Failed,
    /// The step is done; the one that follows failed or, of the last one, its mail came back.
    FailedLater,
    /// All is done.
    Done,
    /// The order is cancelled.
    Cancelled,
    /// All was done a month ago.
    Expired,
}

/// What comes of a restart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// There is no such order.
    Impossible,
    /// All is done again, and all that is outside is what it was.
    Same,
    /// The same, with the mail that was asked for.
    OneMoreMail,
    /// Status, kind, and words of the reason.
    Refused(u16, &'static str, &'static str),
}

const STATES: [State; 7] = [
    State::Running,
    State::Waiting,
    State::Failed,
    State::FailedLater,
    State::Done,
    State::Cancelled,
    State::Expired,
];

const AT_WORK: End = End::Refused(409, "not-restartable", "at work");
const NOT_MADE: End = End::Refused(409, "not-restartable", "not made yet");
const CANCELLED: End = End::Refused(409, "not-restartable", "cancelled");
const GONE: End = End::Refused(410, "payload-expired", "not there any more");
const SAME: End = End::Same;

/// For each step what comes of a restart in each of [`STATES`].
const TABLE: [(&str, [End; 7]); 7] = [
    ("authorise", [AT_WORK, End::Impossible, SAME, SAME, SAME, CANCELLED, GONE]),
    ("provision", [AT_WORK, NOT_MADE, SAME, SAME, SAME, CANCELLED, GONE]),
    ("subscribe", [AT_WORK, NOT_MADE, SAME, SAME, SAME, CANCELLED, GONE]),
    ("invoice", [AT_WORK, NOT_MADE, SAME, SAME, SAME, CANCELLED, GONE]),
    ("capture", [AT_WORK, NOT_MADE, SAME, SAME, SAME, CANCELLED, SAME]),
    ("document", [AT_WORK, NOT_MADE, SAME, SAME, SAME, CANCELLED, SAME]),
    ("email", [AT_WORK, NOT_MADE, SAME, End::OneMoreMail, SAME, CANCELLED, SAME]),
];

/// A place of the table with an order for it.
struct Case {
    step: &'static str,
    state: State,
    end: End,
    order: String,
    before: Effects,
}

impl Case {
    fn name(&self) -> String {
        format!("{}, {:?}: {:?}", self.step, self.state, self.end)
    }
}

#[test]
fn the_table_has_each_step_of_the_contract() {
    let contract = this_app!().contract();
    let steps: Vec<&str> = TABLE.iter().map(|(step, _)| *step).collect();
    assert_eq!(steps, contract.words("StepName"), "say what a restart of it comes to");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_comes_to_the_same_end_and_doubles_nothing_or_is_refused_and_changes_nothing() {
    let app = WholeApp::with(|setup| setup.neighbour("accounts")).await;
    let account = app.account(KIM, "1000000.00").await;
    let mut cases = placed(&app, &account).await;
    let owed = format!("{}.00", cases.len() * TOTAL);
    for case in &mut cases {
        app.until_fulfilled(&case.order).await;
        case.before = app.effects(&case.order).await;
        assert_eq!(case.before["mails"], 1);
    }
    assert_eq!(app.account_stands(&account).await, (owed.clone(), "0.00".to_owned()));
    let cancelled = cancelled(&app, &account).await;
    for case in cases.iter_mut().filter(|case| case.state == State::Cancelled) {
        case.order.clone_from(&cancelled);
    }
    let (expired, now): (Vec<_>, Vec<_>) =
        cases.into_iter().partition(|case| case.state == State::Expired);
    hold(&app, now).await;
    app.travel(EXPIRED);
    app.eventually("payloads to be gone", async || {
        let mut gone = true;
        for case in &expired {
            let path = format!("sales-payloads/{}/document/1.json", case.order);
            gone &= !app.has_blob(&path).await;
        }
        gone.then_some(())
    })
    .await;
    hold(&app, expired).await;
    assert_eq!(app.account_stands(&account).await, (owed, "0.00".to_owned()), "charged once each");
}

/// An order for each place of the table that can be.
async fn placed(app: &WholeApp, account: &str) -> Vec<Case> {
    let mut cases = Vec::new();
    for (step, ends) in TABLE {
        for (state, end) in STATES.into_iter().zip(ends) {
            if end != End::Impossible {
                let order = app.placed_on(account).await;
                cases.push(Case { step, state, end, order, before: Effects::new() });
            }
        }
    }
    cases
}

/// An order that was cancelled while the vendor activated it.
async fn cancelled(app: &WholeApp, account: &str) -> String {
    app.wrong("activatingSeconds=600");
    let order = app.placed_on(account).await;
    let waits = |step: &Value| step["step"] == "provision" && step["notBefore"].is_string();
    app.until(&order, "at the vendor", |now| now["progress"].as_array().unwrap().iter().any(waits))
        .await;
    app.delete(&format!("/v1/orders/{order}")).await.expect(204);
    app.wrong("delayMs=0");
    order
}

/// Restarts all of them, and looks what became of each.
async fn hold(app: &WholeApp, cases: Vec<Case>) {
    let mut made_again = Vec::new();
    for case in cases {
        eprintln!("{}", case.name());
        stand(app, &case).await;
        let stood = app.stored(&case.order).await;
        let resend = case.end == End::OneMoreMail;
        let answer = app.restart(&case.order, case.step, resend).await;
        if let End::Refused(status, kind, reason) = case.end {
            let answer = answer.refused(status, kind, &[]).json();
            let detail = answer["detail"].as_str().unwrap();
            assert!(detail.contains(reason), "{}: {detail}", case.name());
            assert_eq!(app.stored(&case.order).await, stood, "{}", case.name());
        } else {
            answer.expect(202);
            made_again.push((case, stood));
        }
    }
    for (case, stood) in made_again {
        let now = app.until_fulfilled(&case.order).await;
        let mut wanted = case.before.clone();
        wanted.insert("mails", json!(if case.end == End::OneMoreMail { 2 } else { 1 }));
        assert_eq!(app.effects(&case.order).await, wanted, "{}", case.name());
        assert_eq!(
            attempts(&now["steps"]),
            again(&stood["progress"], case.step),
            "{}",
            case.name()
        );
    }
}

/// Brings an order that is done into the state of its case.
async fn stand(app: &WholeApp, case: &Case) {
    let mut progress = app.stored(&case.order).await["progress"].clone();
    let steps = progress.as_array_mut().unwrap();
    let at = steps.iter().position(|step| step["step"] == case.step).unwrap();
    match case.state {
        State::Done | State::Cancelled | State::Expired => return,
        State::FailedLater if at + 1 == steps.len() => {
            app.report(&case.order, "Bounced").await;
            app.until(&case.order, "undeliverable", |now| now["state"] == "failed").await;
            return;
        }
        State::Running => stop_at(steps, at, "due"),
        State::Waiting => stop_at(steps, at - 1, "due"),
        State::Failed => stop_at(steps, at, "failed"),
        State::FailedLater => stop_at(steps, at + 1, "failed"),
    }
    let changes = json!({"progress": progress});
    app.documents("orders").change(&case.order, &case.order, &changes).await;
}

/// As a restart leaves an order that came no further: those before are done, those after wait.
fn stop_at(steps: &mut [Value], at: usize, state: &str) {
    for step in &mut steps[at..] {
        step["state"] = json!("waiting");
    }
    steps[at]["state"] = json!(state);
    match state {
        "due" => steps[at]["notBefore"] = json!(NEVER),
        _ => steps[at]["problem"] = json!({"code": "not-answering", "detail": "for an hour"}),
    }
}

fn attempts(steps: &Value) -> Vec<u64> {
    steps.as_array().unwrap().iter().map(|step| step["attempt"].as_u64().unwrap()).collect()
}

/// Those that there are once this step was made again, and all that follow it.
fn again(stood: &Value, from: &str) -> Vec<u64> {
    let mut is_made = false;
    let each = stood.as_array().unwrap().iter().map(|step| {
        is_made |= step["step"] == from;
        step["attempt"].as_u64().unwrap() + u64::from(is_made)
    });
    each.collect()
}
