//! Failures on demand, as clients see them.

use std::time::Duration;

use local_data::{Fault, Gate, Requests, Rule, Service, When};
use reqwest::Method;

use crate::account::{Account, answer};

#[tokio::test]
async fn a_throttled_service_is_busy_for_as_many_requests_as_it_was_told() {
    let account = Account::empty().await;
    let fault = Fault::Throttle { retry_after: Duration::from_secs(7) };
    account.services.faults().add(Rule {
        service: Service::Queue,
        only: Requests::default(),
        fault,
        when: When::Next(1),
    });
    assert_eq!(answer(account.blob(Method::GET, "?comp=list")).await.status, 200);
    let busy = answer(account.message(Method::GET, "?comp=list")).await;
    assert_eq!((busy.refusal(), busy.header("retry-after")), ((503, "ServerBusy"), "7"));
    assert_eq!(answer(account.message(Method::GET, "?comp=list")).await.status, 200);
}

#[tokio::test]
async fn a_failing_write_changes_nothing() {
    let account = Account::empty().await;
    account.create_container("photos").await;
    account.services.faults().add(Rule {
        service: Service::Blob,
        only: Requests::default(),
        fault: Fault::InternalError,
        when: When::Next(1),
    });
    assert_eq!(answer(account.put("photos/a", "x")).await.refusal(), (500, "InternalError"));
    assert_eq!(
        answer(account.blob(Method::GET, "photos/a")).await.refusal(),
        (404, "BlobNotFound")
    );
}

#[tokio::test]
async fn a_connection_may_break() {
    let account = Account::empty().await;
    account.services.faults().add(Rule {
        service: Service::Blob,
        only: Requests::default(),
        fault: Fault::Disconnect,
        when: When::Always,
    });
    assert!(account.blob(Method::GET, "?comp=list").send().await.is_err());
    account.services.faults().clear();
    assert_eq!(answer(account.blob(Method::GET, "?comp=list")).await.status, 200);
}

#[tokio::test]
async fn an_answer_is_lost_after_the_work_is_done() {
    let account = Account::empty().await;
    account.create_container("photos").await;
    let rule = account.services.faults().add(Rule {
        service: Service::Blob,
        only: Requests::any().writes().path("/photos/"),
        fault: Fault::LoseAnswer,
        when: When::Nth(2),
    });
    assert_eq!(answer(account.put("photos/a", "x")).await.status, 201);
    assert!(account.put("photos/b", "y").send().await.is_err());
    assert_eq!(answer(account.blob(Method::GET, "photos/b")).await.body, b"y");
    assert_eq!(account.services.faults().met(rule), 2);
    assert_eq!(account.services.faults().rules(), vec![]);
}

#[tokio::test]
async fn a_held_request_is_done_when_it_is_let_go_even_if_its_client_has_gone() {
    let account = Account::empty().await;
    let queue = account.queue("jobs").await;
    let gate = Gate::new();
    account.services.faults().add(Rule {
        service: Service::Queue,
        only: Requests::any().method("POST"),
        fault: Fault::Hold(gate.clone()),
        when: When::Nth(1),
    });
    let body = "<QueueMessage><MessageText>late</MessageText></QueueMessage>";
    let sent = account.message(Method::POST, "jobs/messages").body(body).send();
    let client = tokio::spawn(sent);
    gate.reached().await;
    assert_eq!(
        answer(account.message(Method::GET, "jobs/messages")).await.elements("MessageText"),
        [""; 0]
    );
    client.abort();
    let _ = client.await;
    gate.open();
    for _ in 0..1000 {
        let got = answer(account.message(Method::GET, "jobs/messages")).await;
        if got.elements("MessageText") == ["late"] {
            return;
        }
        tokio::task::yield_now().await;
    }
    drop(queue);
    panic!("the message never came");
}

#[tokio::test]
async fn a_held_answer_belongs_to_work_that_is_done() {
    let account = Account::empty().await;
    account.create_container("photos").await;
    let gate = Gate::new();
    account.services.faults().add(Rule {
        service: Service::Blob,
        only: Requests::any().method("PUT"),
        fault: Fault::HoldAnswer(gate.clone()),
        when: When::Nth(1),
    });
    let held = tokio::spawn(account.put("photos/a", "x").send());
    gate.reached().await;
    assert_eq!(answer(account.blob(Method::GET, "photos/a")).await.body, b"x");
    assert!(!held.is_finished());
    gate.open();
    assert_eq!(held.await.unwrap().unwrap().status(), 201);
}
