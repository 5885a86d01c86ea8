//! What is told of contacts in figures: each fact once, when it is stored.

use crate::domain::Contact;
use custom_handler::Metric;

const FACTS: Metric =
    Metric::counter("iommi.contacts.facts", "{fact}", "what happened to contacts, by its kind");

/// The kinds of what has happened to a contact between two of its versions.
pub(crate) fn news(before: &Contact, after: &Contact) -> Vec<&'static str> {
    after.happened_since(before).map(|fact| fact.kind.name()).collect()
}

/// All of that is stored.
pub(crate) fn stored(news: Vec<&'static str>) {
    for kind in news {
        FACTS.add(1, &[("type", kind.into())]);
    }
}
