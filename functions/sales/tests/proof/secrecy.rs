//! No licence key is anywhere but sealed: not in documents, blobs and messages, not in what lies on the disk, not in a log.
//! And nobody's name or address is in a log.

use crate::book::Book;
use crate::platform::{VENDOR, look};
use app_tests::proof::{Markers, Platform};

/// Panics with the place if something is found.
pub(crate) async fn holds(platform: &Platform, book: &Book) {
    let markers = look(platform.addresses(), VENDOR, "markers").await;
    let markers = markers.expect("the vendor knows its keys");
    assert_eq!(markers["leftOut"], 0);
    let keys: Vec<_> =
        markers["keys"].as_array().unwrap().iter().filter_map(|key| key.as_str()).collect();
    assert!(!keys.is_empty(), "nothing was sold");
    Markers::of(keys).are_in_none(platform.everything().await);
    let people = book.all().into_iter().flat_map(|told| {
        let buyer = &told.body["buyer"];
        let texts = [&buyer["name"], &buyer["emailAddress"], &buyer["address"]["street"]];
        texts.map(|text| text.as_str().unwrap().to_owned())
    });
    Markers::of(people).are_in_none(platform.logs());
}
