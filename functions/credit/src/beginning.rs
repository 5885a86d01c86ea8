//! How an assessment begins: first the consent is taken, so that no two work with one; then the assessment is written;
//! then the bank is asked. Whoever ends in between is repeated by the client, with the same ids, or found by `sweep`.

use crate::app::{App, Begun};
use crate::domain::{
    Assessment, Consent, ConsentId, ConsentState, Leave, NewAssessment, NotUsable, Partner,
    PartnerId, Person, Phase, Reference,
};
use crate::fetching;
use crate::problems::{self, sealed};
use custom_handler::Problem;
use jiff::SignedDuration;
use messages::origin_here;
use public_api::problems::{
    invalid_body, not_changed, not_written, storage_unavailable, unavailable,
};
use std::collections::BTreeSet;
use std::convert::Infallible;
use values::{Revision, Violations};

/// The scorecard that new assessments are held against.
const SCORECARD: &str = "2026-11";
/// Days of history that a partner's own token is asked for.
const DAYS_BY_TOKEN: u16 = 365;
/// How long a partner's own token is tried.
const TOKEN_VALID: SignedDuration = SignedDuration::from_hours(24);

/// What is to begin, for whom, and under which ids.
pub(crate) struct Wanted {
    pub(crate) partner: PartnerId,
    pub(crate) new: NewAssessment,
    pub(crate) begun: Begun,
    /// Whether the same request came before.
    pub(crate) is_repeated: bool,
}

/// Begins it, or finds it as it is by now.
pub(crate) async fn begin(app: &App, wanted: Wanted) -> Result<Assessment, Problem> {
    let Wanted { partner, new, begun, is_repeated } = wanted;
    if is_repeated
        && let Some(assessment) =
            app.assessments.read(begun.assessment_id).await.map_err(unavailable)?
    {
        // However far it is, and whatever became of the consent meanwhile.
        return Ok(assessment);
    }
    let consent = match &new.leave {
        Leave::Consent(id) => take(app, &partner, *id, new.reference.as_ref(), &begun).await?,
        Leave::Token(token) => {
            let reference = new.reference.as_ref().ok_or_else(problems::no_reference)?;
            let person = person(app, &partner, reference).await?;
            bring(app, partner.clone(), person, token, &begun).await?
        }
    };
    let context = begun.assessment_id.to_string();
    let (_, key) = app.secrets.new_key(&context).map_err(sealed)?;
    let fresh = Assessment {
        id: begun.assessment_id,
        partner,
        person: consent.person,
        consent: consent.id,
        scorecard: SCORECARD.to_owned(),
        created_at: begun.at,
        phase: Phase::Fetching { attempt: 1, since: begun.at, key },
        duties: BTreeSet::new(),
        revision: Revision::FIRST,
        origin: Some(origin_here()),
    };
    let assessment = app.assessments.begin(&fresh).await.map_err(not_written)?;
    // One that was there already has its message, or `sweep` sends it: the bank is not asked twice at a time.
    if assessment == fresh {
        fetching::begin(app, &assessment).await.map_err(storage_unavailable)?;
    }
    Ok(assessment)
}

/// Takes a consent for this assessment.
async fn take(
    app: &App,
    partner: &PartnerId,
    id: ConsentId,
    reference: Option<&Reference>,
    begun: &Begun,
) -> Result<Consent, Problem> {
    let found = app.consents.read(id).await.map_err(unavailable)?;
    let own = found.filter(|consent| consent.partner == *partner);
    let own = own.ok_or_else(|| problems::no_such_consent(id))?;
    if let (Some(reference), Some(about)) = (reference, &own.person)
        && person(app, partner, reference).await?.subject != about.subject
    {
        let what = "is not whom the consent is of: leave it out, or name that person";
        return Err(invalid_body(Violations::one("/customerReference", what)));
    }
    let used = |consent: Consent| match consent.used_by(begun.assessment_id, begun.at) {
        // It has served this very assessment: what came of that is told.
        Err(NotUsable::Used(by)) if by == begun.assessment_id => Ok(own.clone()),
        result => result,
    };
    let changed = app.consents.change(id, used).await;
    let consent = changed.map_err(|error| not_changed(error, problems::consent_not_usable))?;
    consent.ok_or_else(|| problems::no_such_consent(id))
}

/// Makes a consent of a token that the partner has.
async fn bring(
    app: &App,
    partner: PartnerId,
    person: Person,
    token: &str,
    begun: &Begun,
) -> Result<Consent, Problem> {
    let id = begun.consent_id;
    let token = app.secrets.seal_for_now(token, &id.to_string()).map_err(sealed)?;
    let consent = Consent {
        id,
        partner,
        person: Some(person),
        days: DAYS_BY_TOKEN,
        state_hash: None,
        return_url: None,
        created_at: begun.at,
        valid_until: begun.at.saturating_add(TOKEN_VALID).unwrap_or(begun.at),
        state: ConsentState::InUse { token, assessment: begun.assessment_id },
        duties: BTreeSet::new(),
        revision: Revision::FIRST,
    };
    app.consents.begin(&consent).await.map_err(not_written)
}

/// What is known of a partner, from its first request on.
pub(crate) async fn known(app: &App, partner: &PartnerId) -> Result<Partner, Problem> {
    let fresh = fresh_partner(app, partner)?;
    let known = app.partners.change(&fresh, Ok::<_, Infallible>).await;
    known.map_err(|error| not_changed(error, |never| match never {}))
}

/// A partner that nobody knows yet.
pub(crate) fn fresh_partner(app: &App, partner: &PartnerId) -> Result<Partner, Problem> {
    let key = app.secrets.new_pseudonym_key(partner).map_err(sealed)?;
    Ok(Partner::new(partner.clone(), key, app.clock.now()))
}

/// The person whom a partner calls so, by the partner's pseudonym.
pub(crate) async fn person(
    app: &App,
    partner: &PartnerId,
    reference: &Reference,
) -> Result<Person, Problem> {
    let known = known(app, partner).await?;
    let subject = app.secrets.subject(partner, &known.pseudonym_key, reference.as_str());
    let kept = app.secrets.seal_for_long(reference.as_str(), partner.as_str());
    Ok(Person { subject: subject.map_err(sealed)?, reference: kept.map_err(sealed)? })
}
