//! Looks at the orders all the time: a number stays, and what was cancelled stays so.

use crate::book::Book;
use app_tests::proof::{Addresses, LOOK_EVERY, Stopping};
use std::sync::Arc;
use tokio::time::sleep;

/// Orders that are looked at before there is a pause: the oldest rest in long runs.
const MOST_AT_A_TIME: usize = 100;

/// How often it looked.
pub(crate) async fn look(addresses: Addresses, book: Arc<Book>, stopping: Stopping) -> u64 {
    let mut looks = 0;
    while !stopping.is_asked() {
        let all = book.all();
        let first = all.len().saturating_sub(MOST_AT_A_TIME);
        for (place, told) in all.iter().enumerate().skip(first) {
            // What was confirmed before it was asked for.
            let is_cancelled = book.is_cancelled(place);
            let Some(shown) = addresses.look(&format!("/v1/orders/{}", told.id)).await else {
                continue;
            };
            book.saw(&shown);
            let is_right = !is_cancelled || shown["state"] == "cancelled";
            assert!(is_right, "it was cancelled: {shown}");
            looks += 1;
        }
        sleep(LOOK_EVERY).await;
    }
    looks
}
