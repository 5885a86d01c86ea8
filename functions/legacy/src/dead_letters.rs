//! What is special about the dead letters of this app: whose they are, and where their messages go.

use crate::app::App;
use crate::domain::{Answered, ProfileId, Revision, State};
use crate::lag;
use crate::outbox::{self, Asked, SendError};
use crate::problems;
use crate::store::Current;
use crate::views::{LetterView, Message, is_erasure};
use azure_data::CosmosFailure;
use custom_handler::{Problem, Rejected, TraceContext};
use messages::{
    About, Content, DeadLetterApp, DeadLetters, Figure, GIVEN_UP, Letter, NotSent, Origin, POISON,
    Report, letter_id,
};
use serde_json::{Map, Value, json};

/// A document of the change feed that breaks the contract. The message is the document.
const BROKEN_DOCUMENT: &str = "broken-document";
/// The mainframe refused it. The message is the event.
const REFUSED: &str = "refused";
/// The mainframe could not read it. The message is what it got.
const OUTBOX_POISON: &str = "outbox-poison";
/// We failed on an answer again and again. The message is the answer.
const INBOX_POISON: &str = "inbox-poison";
/// An answer that breaks the contract. The message is the answer.
const UNREADABLE_ANSWER: &str = "unreadable-answer";

impl DeadLetterApp for App {
    const NAME: &'static str = "legacy";
    const REASONS: &'static [&'static str] =
        &[BROKEN_DOCUMENT, REFUSED, OUTBOX_POISON, INBOX_POISON, UNREADABLE_ANSWER];
    const SUBJECT: &'static str = "profileId";

    fn dead_letters(&self) -> &DeadLetters {
        &self.dead_letters
    }

    fn told(&self, mut report: Report) -> Report {
        match (report.reason.as_str(), report.origin.queue.as_deref()) {
            (POISON, Some("legacy-outbox")) => report.reason = OUTBOX_POISON.to_owned(),
            (POISON, Some("legacy-inbox")) => report.reason = INBOX_POISON.to_owned(),
            (GIVEN_UP, Some("legacy-inbox")) => report.reason = UNREADABLE_ANSWER.to_owned(),
            _ => {}
        }
        let message = report.json();
        let profile: Option<ProfileId> = ["/subject", "/data/profileId"]
            .iter()
            .find_map(|place| message.pointer(place)?.as_str()?.parse().ok());
        report.subject = profile.map(|id| id.to_string());
        report.fields = fields(None, revision_in(&message));
        report
    }

    async fn about(&self, report: &Report) -> Result<About, CosmosFailure> {
        let profile: Option<ProfileId> =
            report.subject.as_deref().and_then(|text| text.parse().ok());
        let Some(profile) = profile else { return Ok(About::Unknown) };
        if is_erasure(&report.json()) {
            return Ok(About::Somebody);
        }
        let sync = self.syncs.read(profile).await?;
        if sync.as_ref().is_some_and(|sync| sync.erased_at.is_some()) {
            return Ok(About::Erased);
        }
        // The erasure may not have come by the feed yet.
        Ok(match self.profiles.current(&profile.to_string()).await? {
            Current::Sendable(change) if matches!(change.state, State::Erased(_)) => About::Erased,
            Current::Nothing if sync.is_none() => About::Unknown,
            _ => About::Somebody,
        })
    }

    fn subject(text: &str) -> Result<String, String> {
        text.parse::<ProfileId>().map(|id| id.to_string()).map_err(str::to_owned)
    }

    fn shown(letter: &Letter) -> Value {
        json!(LetterView::of(letter))
    }

    async fn redrive(&self, letter: &Letter, trace: &TraceContext) -> Result<(), NotSent> {
        match letter.reason.as_str() {
            REFUSED | OUTBOX_POISON => {
                let message = Message::again(&letter.message)
                    .map_err(|error| NotSent::Unsendable(error.to_string()))?;
                keeps_its_revision(letter, message.revision)?;
                outbox::send_message(self, message, Asked::Anew).await.map_err(not_sent)
            }
            BROKEN_DOCUMENT => send_document(self, letter, trace).await,
            _ => self.dead_letters.send_to_its_queue(letter).await,
        }
    }

    async fn figures(&self) -> Result<Vec<Figure>, Problem> {
        let lag = lag::measure(self, self.clock.now()).await.map_err(problems::not_measured)?;
        let seconds = lag.lag_seconds;
        let behind = if lag.alarm { ": the mainframe is behind" } else { "" };
        Ok(vec![
            Figure { label: "Lag", text: format!("{seconds} s{behind}"), alarm: lag.alarm },
            Figure::new("waiting", lag.waiting),
            Figure::new("refused", lag.refused),
            Figure::new("open dead letters", lag.open_dead_letters),
            Figure::new("outbox", lag.outbox_length),
            Figure::new("inbox", lag.inbox_length),
        ])
    }
}

/// A document that cannot be sent.
pub(crate) fn broken_document(rejected: &Rejected, function: &str) -> Report {
    let content = Content::of_text(document_text(&rejected.document));
    let detail = format!("the document breaks the contract: {}", rejected.problem);
    let report = Report::new(BROKEN_DOCUMENT, Origin::function(function), detail, content);
    let profile: Option<ProfileId> = rejected.id().and_then(|id| id.parse().ok());
    let revision = rejected.document["revision"].as_u64();
    Report {
        subject: profile.map(|id| id.to_string()),
        fields: fields(None, revision.and_then(|number| number.try_into().ok())),
        // The version of the document: the feed may bring it twice.
        name: rejected.document["_etag"].as_str().unwrap_or_default().to_owned(),
        ..report
    }
}

/// What the mainframe refused: one letter for each revision, however often it is refused. It is reported while the
/// profile stands as refused, so its letter must not stay closed as re-driven: nobody would ever hear of it again.
pub(crate) fn refused(answer: &str, answered: &Answered, event: String, function: &str) -> Report {
    let (profile, revision) = (answered.profile_id.to_string(), answered.revision);
    let detail = answered.reason.as_deref().unwrap_or("the mainframe gave no reason");
    let content = Content::of_text(event);
    let report = Report::new(REFUSED, Origin::function(function), detail, content);
    Report {
        id: letter_id(&[REFUSED, &profile, &revision.to_string()]),
        fields: fields(answered.code.as_deref(), Some(revision)),
        subject: Some(profile),
        name: answer.to_owned(),
        lasts: true,
        ..report
    }
}

fn fields(code: Option<&str>, revision: Option<Revision>) -> Map<String, Value> {
    let fields = [(LetterView::CODE, json!(code)), (LetterView::REVISION, json!(revision))];
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// The revision that an event or an answer says it is about.
fn revision_in(message: &Value) -> Option<Revision> {
    let places = ["/revision", "/data/revision"];
    places.iter().find_map(|place| message.pointer(place)?.as_u64()?.try_into().ok())
}

/// A document without what Cosmos DB adds to it.
fn document_text(document: &Value) -> String {
    let Some(fields) = document.as_object() else { return document.to_string() };
    let own = fields.iter().filter(|(name, _)| !name.starts_with('_'));
    let own: Map<String, Value> = own.map(|(name, value)| (name.clone(), value.clone())).collect();
    Value::Object(own).to_string()
}

/// As it was edited, or else as it is now: it may have been mended where it is.
async fn send_document(app: &App, letter: &Letter, trace: &TraceContext) -> Result<(), NotSent> {
    let kept: Value = serde_json::from_str(&letter.message).unwrap_or_default();
    let current = match kept["id"].as_str() {
        Some(id) if !letter.edited => app.profiles.current(id).await?,
        _ => Current::of(kept),
    };
    match current {
        Current::Sendable(change) => {
            keeps_its_revision(letter, change.state.revision())?;
            outbox::send(app, &change, trace, Asked::Anew).await.map_err(not_sent)
        }
        Current::Nothing => {
            Err(NotSent::Unsendable("there is no such profile any more".to_owned()))
        }
        Current::Broken(problem) => {
            Err(NotSent::Unsendable(format!("the document still breaks the contract: {problem}")))
        }
    }
}

/// Whoever edits a letter must not choose the revision: a great one would make the mainframe pass over every change to
/// come.
fn keeps_its_revision(letter: &Letter, revision: Revision) -> Result<(), NotSent> {
    let own = letter.fields.get(LetterView::REVISION).and_then(Value::as_u64);
    if !letter.edited || own == Some(revision.get()) {
        return Ok(());
    }
    let own = own.map_or_else(|| "none".to_owned(), |own| own.to_string());
    Err(NotSent::Unsendable(format!(
        "the revision of an edited letter must be the one that the letter is about ({own}); to send the profile as it is \
         now, ask for it to be sent again"
    )))
}

fn not_sent(error: SendError) -> NotSent {
    NotSent::Failed(problems::not_sent(error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cosmos_db_adds_to_a_document_makes_no_difference() {
        let one = document_text(&json!({"id": "a", "_etag": "1", "_ts": 1}));
        assert_eq!(one, document_text(&json!({"id": "a", "_etag": "2", "_ts": 2})));
    }
}
