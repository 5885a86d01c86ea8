//! What the page shows beside the faults: the measures of the last pictures.

use crate::{Judged, measure};
use askama::Template;
use simulator_shell::Section;

/// Judged pictures that the page shows.
const MAX_SHOWN: usize = 25;

#[derive(Template)]
#[template(path = "judged.html")]
struct LastJudged {
    judged: Vec<Judged>,
    sexual_from: [u8; 3],
    violence_from: [u8; 3],
}

/// The last pictures, the newest first.
pub(crate) fn last_judged(mut judged: Vec<Judged>) -> Section {
    judged.truncate(MAX_SHOWN);
    let part = LastJudged {
        judged,
        sexual_from: measure::SEXUAL_FROM_PERCENT,
        violence_from: measure::VIOLENCE_FROM_PERCENT,
    };
    let html = part.render().unwrap_or_else(|error| {
        tracing::error!(%error, "rendering the judged pictures");
        String::new()
    });
    Section { id: "judged", title: "Judged last".to_owned(), html }
}
