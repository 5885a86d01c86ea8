//! The same bytes each time.

use std::collections::BTreeMap;

use pretty_assertions::assert_eq;

use crate::samples::{all, fonts, picture, sha256};

/// The SHA-256 of each sample's picture. Where a change of the layout or of a font is meant, the new ones are what the example
/// `invoice` prints.
const GOLDEN: &str = include_str!("../../samples/golden.json");

#[test]
fn every_picture_has_the_bytes_that_it_always_had() {
    let fonts = fonts().unwrap();
    let pictures = all().unwrap();
    let pictures = pictures
        .into_iter()
        .map(|(name, invoice)| (name, sha256(&picture(&invoice, &fonts).unwrap())));
    let golden: BTreeMap<String, String> = serde_json::from_str(GOLDEN).unwrap();
    assert_eq!(pictures.collect::<BTreeMap<_, _>>(), golden);
}

#[test]
fn fonts_that_were_read_before_make_no_difference() {
    let warm = fonts().unwrap();
    let samples = all().unwrap();
    for (_, invoice) in &samples {
        picture(invoice, &warm).unwrap();
    }
    for (name, invoice) in samples.iter().filter(|(name, _)| name != "long") {
        let cold = fonts().unwrap();
        let (warm, cold) = (picture(invoice, &warm).unwrap(), picture(invoice, &cold).unwrap());
        assert!(warm == cold, "{name} differs");
    }
}
