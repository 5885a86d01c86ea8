//! Queue Storage on the wire: statuses, codes, headers and bodies that clients rely on.

use std::time::Duration;

use reqwest::Method;

use crate::account::{Account, Answer, answer};

const MESSAGE: &str = "<QueueMessage><MessageText>x</MessageText></QueueMessage>";

async fn with_queue() -> Account {
    let account = Account::empty().await;
    assert_eq!(answer(account.message(Method::PUT, "jobs")).await.status, 201);
    account
}

async fn send(account: &Account, parameters: &str) -> Answer {
    answer(account.message(Method::POST, &format!("jobs/messages?{parameters}")).body(MESSAGE))
        .await
}

#[tokio::test]
async fn every_answer_says_who_and_when() {
    let account = with_queue().await;
    let request = account.message(Method::GET, "jobs?comp=metadata");
    let answer = answer(
        request.header("x-ms-version", "2026-04-06").header("x-ms-client-request-id", "mine"),
    )
    .await;
    assert_eq!(
        (answer.header("x-ms-version"), answer.header("x-ms-client-request-id")),
        ("2026-04-06", "mine")
    );
    assert_eq!(answer.header("x-ms-request-id").len(), 36);
    assert!(answer.header("date").ends_with(" GMT"));
}

#[tokio::test]
async fn an_error_has_its_code_in_a_header_and_in_its_body() {
    let account = Account::empty().await;
    let answer = answer(account.message(Method::GET, "missing/messages")).await;
    assert_eq!(answer.refusal(), (404, "QueueNotFound"));
    assert_eq!(answer.header("content-type"), "application/xml");
    assert_eq!(answer.element("Code"), "QueueNotFound");
    let message = answer.element("Message");
    assert!(message.starts_with("The specified queue does not exist.\nRequestId:"), "{message}");
    assert!(message.contains(answer.header("x-ms-request-id")), "{message}");
}

#[tokio::test]
async fn a_value_out_of_range_is_named_with_its_range() {
    let account = with_queue().await;
    let answer = answer(account.message(Method::GET, "jobs/messages?numofmessages=33")).await;
    assert_eq!(answer.refusal(), (400, "OutOfRangeQueryParameterValue"));
    let said = ["QueryParameterName", "QueryParameterValue", "MinimumAllowed", "MaximumAllowed"];
    assert_eq!(said.map(|name| answer.element(name)), ["numofmessages", "33", "1", "32"]);
}

#[tokio::test]
async fn parameters_on_both_sides_of_their_limits() {
    let account = with_queue().await;
    for good in [
        "visibilitytimeout=0",
        "visibilitytimeout=604799",
        "messagettl=1",
        "messagettl=-1",
        "messagettl=99999999",
    ] {
        assert_eq!(send(&account, good).await.status, 201, "{good}");
    }
    let out_of_range = "OutOfRangeQueryParameterValue";
    let invalid = "InvalidQueryParameterValue";
    for (bad, code) in [
        ("visibilitytimeout=-1", out_of_range),
        ("visibilitytimeout=604801", out_of_range),
        ("visibilitytimeout=soon", invalid),
        ("messagettl=0", invalid),
        ("messagettl=-2", invalid),
        ("messagettl=5&visibilitytimeout=5", invalid),
    ] {
        assert_eq!(send(&account, bad).await.refusal(), (400, code), "{bad}");
    }
    for bad in ["numofmessages=0", "visibilitytimeout=0", "visibilitytimeout=604801"] {
        let got = answer(account.message(Method::GET, &format!("jobs/messages?{bad}"))).await;
        assert_eq!(got.refusal(), (400, out_of_range), "{bad}");
    }
    let id = "00000000-0000-0000-0000-000000000000";
    let without =
        answer(account.message(Method::PUT, &format!("jobs/messages/{id}?visibilitytimeout=1")))
            .await;
    assert_eq!(without.refusal(), (400, "MissingRequiredQueryParameter"));
    let without =
        answer(account.message(Method::PUT, &format!("jobs/messages/{id}?popreceipt=x"))).await;
    assert_eq!(without.refusal(), (400, "MissingRequiredQueryParameter"));
    let unknown =
        answer(account.message(Method::DELETE, "jobs/messages/not-an-id?popreceipt=x")).await;
    assert_eq!(unknown.refusal(), (404, "MessageNotFound"));
}

#[tokio::test]
async fn bodies_that_are_no_message_are_refused() {
    let account = with_queue().await;
    let put = |body: String| answer(account.message(Method::POST, "jobs/messages").body(body));
    for bad in [
        "",
        "text",
        "<QueueMessage/>",
        "<Other><MessageText>x</MessageText></Other>",
        "<QueueMessage><MessageText>&#1;</MessageText></QueueMessage>",
    ] {
        assert_eq!(put(bad.to_owned()).await.refusal(), (400, "InvalidXmlDocument"), "{bad}");
    }
    let of_bytes = |count: usize| {
        format!("<QueueMessage><MessageText>{}</MessageText></QueueMessage>", "é".repeat(count / 2))
    };
    assert_eq!(put(of_bytes(65_536)).await.status, 201);
    assert_eq!(put(of_bytes(65_538)).await.refusal(), (413, "RequestBodyTooLarge"));
    assert_eq!(put("x".repeat(600_000)).await.refusal(), (413, "RequestBodyTooLarge"));
    assert_eq!(put("<QueueMessage><MessageText/></QueueMessage>".to_owned()).await.status, 201);
}

#[tokio::test]
async fn a_week_is_what_a_message_lives_unless_it_is_told() {
    let account = with_queue().await;
    send(&account, "").await;
    send(&account, "messagettl=-1").await;
    let count = async || {
        let described = answer(account.message(Method::GET, "jobs?comp=metadata")).await;
        described.header("x-ms-approximate-messages-count").to_owned()
    };
    assert_eq!(count().await, "2");
    account.services.clock().advance(Duration::from_secs(7 * 24 * 60 * 60));
    assert_eq!(count().await, "1");
    account.services.clock().advance(Duration::from_secs(10 * 365 * 24 * 60 * 60));
    let kept = answer(account.message(Method::GET, "jobs/messages?peekonly=true")).await;
    assert_eq!(kept.element("ExpirationTime"), "Fri, 31 Dec 9999 23:59:59 GMT");
}

#[tokio::test]
async fn a_hidden_message_comes_back_on_time() {
    let account = with_queue().await;
    send(&account, "").await;
    let receive = || answer(account.message(Method::GET, "jobs/messages?visibilitytimeout=60"));
    assert_eq!(receive().await.element("DequeueCount"), "1");
    account.services.clock().advance(Duration::from_secs(58));
    assert_eq!(receive().await.elements("MessageId"), Vec::<&str>::new());
    account.services.clock().advance(Duration::from_secs(3));
    assert_eq!(receive().await.element("DequeueCount"), "2");
}

#[tokio::test]
async fn queues_are_listed_with_prefix_marker_and_metadata() {
    let account = Account::empty().await;
    for name in ["aaa", "bbb-1", "bbb-2", "bbb-3", "ccc"] {
        answer(account.message(Method::PUT, name).header("x-ms-meta-owner", name)).await;
    }
    let list = |query: &str| answer(account.message(Method::GET, &format!("?comp=list&{query}")));
    let first = list("prefix=bbb&maxresults=2&include=metadata").await;
    assert_eq!(first.elements("Name"), ["bbb-1", "bbb-2"]);
    assert_eq!(first.elements("owner"), ["bbb-1", "bbb-2"]);
    let second =
        list(&format!("prefix=bbb&maxresults=2&marker={}", first.element("NextMarker"))).await;
    assert_eq!((second.elements("Name"), second.element("NextMarker")), (vec!["bbb-3"], ""));
    assert_eq!(list("").await.elements("Name").len(), 5);
    assert_eq!(list("maxresults=0").await.refusal(), (400, "OutOfRangeQueryParameterValue"));
}

#[tokio::test]
async fn a_queue_is_created_again_after_it_was_deleted() {
    let account = with_queue().await;
    send(&account, "").await;
    assert_eq!(answer(account.message(Method::DELETE, "jobs")).await.status, 204);
    assert_eq!(answer(account.message(Method::PUT, "jobs")).await.status, 201);
    let described = answer(account.message(Method::GET, "jobs?comp=metadata")).await;
    assert_eq!(described.header("x-ms-approximate-messages-count"), "0");
}

#[tokio::test]
async fn what_is_not_done_is_named() {
    let account = with_queue().await;
    let stats = answer(account.message(Method::GET, "?restype=service&comp=stats")).await;
    assert_eq!(
        (stats.refusal(), stats.element("Operation")),
        ((501, "NotImplemented"), "Get Queue Service Stats")
    );
    assert_eq!(
        answer(account.message(Method::PATCH, "jobs")).await.refusal(),
        (405, "UnsupportedHttpVerb")
    );
}
