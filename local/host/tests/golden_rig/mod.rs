//! What the tests of golden bodies share.

use jiff::Timestamp;
use local_host::envelope::{Envelope, Stamp};

pub(crate) fn moment(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// The body in which an envelope is sent, at the moment and with the id of the golden files.
pub(crate) fn body_of(envelope: &Envelope, function: &str) -> String {
    let stamp = Stamp {
        function,
        utc_now: moment("2026-01-02T03:04:05.6789012Z"),
        random: "24ad4c06-24ad-4e5b-8294-3da9714877e9".parse().unwrap(),
    };
    String::from_utf8(envelope.body(&stamp, None).to_vec()).unwrap()
}
