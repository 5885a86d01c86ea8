//! Nothing that the bank said, no code, no token, no secret and no partner's name for a person is anywhere: not in documents, blobs and
//! messages, not in what lies on the disk, not in a log.

use crate::book::Book;
use crate::platform::BANK;
use app_tests::proof::{Markers, Platform};
use serde_json::Value;

/// Shorter words are met by chance.
const SHORTEST: usize = 6;

/// Panics with the place if something is found.
pub(crate) async fn holds(platform: &Platform, book: &Book) {
    let addresses = platform.addresses();
    let url = format!("{}/v1/simulation/markers?limit=2000", addresses.url(BANK));
    let markers = addresses.look(&url).await.expect("the bank knows what it gave out");
    assert_eq!(markers["leftOut"], 0);
    let mut words = book.secrets();
    for kind in ["word", "names", "ibans", "accountIds", "codes", "tokens"] {
        collect(&markers[kind], &mut words);
    }
    // Their last word is the bank's own, which is searched for anyway.
    let texts = markers["texts"].as_array().unwrap().iter().map(|text| text.as_str().unwrap());
    words.extend(texts.filter_map(|text| Some(text.rsplit_once(' ')?.0.to_owned())));
    words.sort();
    words.dedup();
    assert!(words.len() > 1_000, "{} words", words.len());
    Markers::of(words).are_in_none(platform.everything().await);
}

fn collect(value: &Value, words: &mut Vec<String>) {
    match value {
        Value::String(text) if text.chars().count() >= SHORTEST => words.push(text.clone()),
        Value::Array(list) => list.iter().for_each(|one| collect(one, words)),
        _ => {}
    }
}
