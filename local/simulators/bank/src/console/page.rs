//! What the bank's page shows beside the faults: customers, consents, counts.

use askama::Template;
use simulator_shell::Section;

use crate::{
    bank::Desk,
    counters::Counts,
    faults::Faults,
    oauth::Consent,
    people::{Kind, Person},
};

/// Consents that the page shows.
const MAX_SHOWN: usize = 25;

#[derive(Template)]
#[template(path = "customers.html")]
struct Customers {
    customers: Vec<(&'static str, String, &'static str)>,
}

#[derive(Template)]
#[template(path = "consents.html")]
struct Consents {
    consents: Vec<(Consent, bool)>,
}

#[derive(Template)]
#[template(path = "counts.html")]
struct Counted {
    counts: Counts,
}

pub(crate) fn sections(desk: &Desk) -> Vec<Section> {
    let customers = Kind::ALL.iter().filter_map(|kind| {
        let person = Person::called(kind.name(), desk.options.seed)?;
        Some((kind.name(), person.name(), kind.about()))
    });
    let now = desk.now(Faults::default()).at;
    let consents = desk.grants.consents().into_iter().take(MAX_SHOWN);
    let consents = consents.map(|consent| (consent.clone(), consent.is_over(now)));
    vec![
        section("counts", "Asked", &Counted { counts: desk.counters.counts() }),
        section("consents", "Consents", &Consents { consents: consents.collect() }),
        section("customers", "Customers", &Customers { customers: customers.collect() }),
    ]
}

fn section(id: &'static str, title: &str, part: &impl Template) -> Section {
    let html = part.render().unwrap_or_else(|error| {
        tracing::error!(%error, "making a part of the page");
        String::new()
    });
    Section { id, title: title.to_owned(), html }
}
