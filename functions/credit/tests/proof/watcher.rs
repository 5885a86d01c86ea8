//! Looks at the assessments all the time: an end never changes, and what was erased never comes back.

use crate::book::{Book, Fate};
use app_tests::proof::{Addresses, LOOK_EVERY, Stopping};
use std::collections::BTreeSet;
use std::sync::Arc;
use tokio::time::sleep;

/// How often it looked.
pub(crate) async fn look(addresses: Addresses, book: Arc<Book>, stopping: Stopping) -> u64 {
    let (mut looks, mut gone) = (0, BTreeSet::new());
    while !stopping.is_asked() {
        for (place, told) in book.all().iter().enumerate() {
            let request = addresses.get(&format!("/credit/v1/assessments/{}", told.id));
            let Some(answer) = addresses.send(told.partner.signs(request)).await else { continue };
            match answer.status {
                200 => {
                    book.saw(&answer.body);
                    assert!(!gone.contains(&told.id), "{} was erased: {}", told.id, answer.body);
                }
                // Of a host that has just started nothing may be there yet: it is no problem of the app's then.
                404 if is_of_the_app(&answer.body) => {
                    let fate = book.fate(place);
                    assert_eq!(fate, Fate::Erased, "{} is gone: {}", told.id, answer.body);
                    gone.insert(told.id.clone());
                }
                _ => continue,
            }
            looks += 1;
        }
        sleep(LOOK_EVERY).await;
    }
    looks
}

fn is_of_the_app(body: &serde_json::Value) -> bool {
    body["type"].as_str().is_some_and(|kind| kind.ends_with("no-such-assessment"))
}
