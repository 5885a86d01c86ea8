//! Failures on demand, as clients see them.

use std::time::Duration;

use local_data::{Fault, Rule, Service, When};
use reqwest::Method;

use crate::account::{Account, answer};

#[tokio::test]
async fn a_throttled_service_is_busy_for_as_many_requests_as_it_was_told() {
    let account = Account::empty().await;
    let fault = Fault::Throttle { retry_after: Duration::from_secs(7) };
    account.services.faults().add(Rule { service: Service::Queue, fault, when: When::Next(1) });
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
        fault: Fault::Disconnect,
        when: When::Always,
    });
    assert!(account.blob(Method::GET, "?comp=list").send().await.is_err());
    account.services.faults().clear();
    assert_eq!(answer(account.blob(Method::GET, "?comp=list")).await.status, 200);
}
