//! The official SDK for Rust, doing with queues what our handlers do.

use azure_core::http::{StatusCode, headers::HeaderName};
use azure_storage_queue::models::*;

use crate::account::Account;

fn message(
    text: &str,
) -> azure_core::http::RequestContent<QueueMessage, azure_core::http::XmlFormat> {
    QueueMessage { message_text: Some(text.into()) }.try_into().unwrap()
}

#[tokio::test]
async fn a_message_is_sent_received_updated_and_deleted() {
    let account = Account::empty().await;
    let queue = account.queue("jobs").await;
    let options = QueueClientSendMessageOptions {
        visibility_timeout: Some(0),
        message_time_to_live: Some(3600),
        ..Default::default()
    };
    queue.send_message(message("job <1> & more"), Some(options)).await.unwrap();
    assert_eq!(
        queue.get_properties(None).await.unwrap().approximate_messages_count().unwrap(),
        Some(1)
    );

    let options = QueueClientReceiveMessagesOptions {
        number_of_messages: Some(16),
        visibility_timeout: Some(30),
        ..Default::default()
    };
    let received = queue.receive_messages(Some(options)).await.unwrap().into_model().unwrap();
    let [received] = <[_; 1]>::try_from(received.items.unwrap()).unwrap();
    assert_eq!(received.message_text.as_deref(), Some("job <1> & more"));
    assert_eq!(received.dequeue_count, Some(1));
    let (id, receipt) = (received.message_id.unwrap(), received.pop_receipt.unwrap());

    let options = QueueClientUpdateMessageOptions {
        queue_message: Some(message("job v2")),
        ..Default::default()
    };
    let updated = queue.update_message(&id, &receipt, 60, Some(options)).await.unwrap();
    let newer =
        updated.headers().get_str(&HeaderName::from_static("x-ms-popreceipt")).unwrap().to_string();
    let stale = queue.delete_message(&id, &receipt, None).await.unwrap_err();
    assert_eq!(stale.http_status(), Some(StatusCode::BadRequest));
    queue.delete_message(&id, &newer, None).await.unwrap();
    let gone = queue.delete_message(&id, &newer, None).await.unwrap_err();
    assert_eq!(gone.http_status(), Some(StatusCode::NotFound));
}

#[tokio::test]
async fn messages_are_peeked_and_cleared() {
    let account = Account::empty().await;
    let queue = account.queue("jobs").await;
    for n in 0..3 {
        queue.send_message(message(&n.to_string()), None).await.unwrap();
    }
    let options =
        QueueClientPeekMessagesOptions { number_of_messages: Some(32), ..Default::default() };
    let peeked =
        queue.peek_messages(Some(options)).await.unwrap().into_model().unwrap().items.unwrap();
    let texts: Vec<_> = peeked.into_iter().filter_map(|message| message.message_text).collect();
    assert_eq!(texts, ["0", "1", "2"]);
    queue.clear(None).await.unwrap();
    assert_eq!(
        queue.get_properties(None).await.unwrap().approximate_messages_count().unwrap(),
        Some(0)
    );
    queue.delete(None).await.unwrap();
    assert!(!queue.exists().await.unwrap());
}
