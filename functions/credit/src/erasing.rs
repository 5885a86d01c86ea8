//! Forgetting a person: all that is known under a partner's pseudonym.

use crate::app::App;
use crate::consenting;
use crate::domain::{Assessment, Consent, PartnerId, Subject};
use crate::settling::{self, NotSettled};
use jiff::Timestamp;
use std::convert::Infallible;
use std::num::NonZeroU32;

/// Most that are looked up at a time.
const PAGE: NonZeroU32 = NonZeroU32::new(100).expect("not zero");
/// Most pages in one go; the rest is done by `sweep`.
const MAX_PAGES: usize = 10;

/// How much was there to forget.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Forgotten {
    pub(crate) assessments: usize,
    pub(crate) consents: usize,
}

/// Forgets what was begun before `until`. Done again it forgets what came meanwhile, as reads may be old.
pub(crate) async fn forget(
    app: &App,
    partner: &PartnerId,
    subject: &Subject,
    until: Timestamp,
) -> Result<Forgotten, NotSettled> {
    let mut forgotten = Forgotten::default();
    for _ in 0..MAX_PAGES {
        let (assessments, consents) = page(app, partner, subject, until).await?;
        forgotten.assessments += assessments;
        forgotten.consents += consents;
        if assessments + consents == 0 {
            break;
        }
    }
    Ok(forgotten)
}

async fn page(
    app: &App,
    partner: &PartnerId,
    subject: &Subject,
    until: Timestamp,
) -> Result<(usize, usize), NotSettled> {
    let now = app.clock.now();
    let (mut assessments, mut consents) = (0, 0);
    for id in app.assessments.of_subject(partner, subject, until, PAGE).await? {
        let erased = |it: Assessment| Ok::<_, Infallible>(it.erased(now));
        if let Some(assessment) = app.assessments.change(id, erased).await? {
            settling::settle(app, &assessment).await?;
            assessments += 1;
        }
    }
    for id in app.consents.of_subject(partner, subject, until, PAGE).await? {
        let erased = |it: Consent| Ok::<_, Infallible>(it.erased(now));
        if let Some(consent) = app.consents.change(id, erased).await? {
            consenting::settle(app, &consent).await?;
            consents += 1;
        }
    }
    Ok((assessments, consents))
}
