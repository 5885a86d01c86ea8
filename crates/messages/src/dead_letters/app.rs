//! What an app has to say about its dead letters, and what it holds for them.

use super::content::Form;
use super::keeping::POISON_SUFFIX;
use super::letter::{Letter, LetterState};
use super::report::{GIVEN_UP, POISON, Report};
use super::store::{Filter, Letters, NotKept};
use azure_data::{
    BlobContainer, Change, Cosmos, CosmosFailure, QueueName, QueueReader, QueueSender, Storage,
    StorageFailure,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use custom_handler::{Problem, Settings, SettingsError, TraceContext};
use jiff::Timestamp;
use public_api::lists::Continuation;
use public_api::problems;
use serde_json::Value;
use staff_pages::{FormKey, Link};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::{fmt, future::Future, num::NonZeroU32};
use values::Clock;

/// Counting stops here: nobody decides anything by the difference.
const COUNT_UP_TO: NonZeroU32 = NonZeroU32::new(10_000).expect("not zero");
/// Letters about a person that are read at a time.
const PAGE: NonZeroU32 = NonZeroU32::new(100).expect("not zero");

/// An app that keeps what failed. Only the first two have to be said: what a function gives up and what the host moves
/// to a poison queue is then kept, shown, and re-driven by sending it to the queue it came from.
pub trait DeadLetterApp: Sized + Sync + 'static {
    /// The app's name, which is its package's.
    const NAME: &'static str;
    /// Reasons of the app's own, besides [`GIVEN_UP`] and [`POISON`].
    const REASONS: &'static [&'static str] = &[];
    /// What the API calls the thing that a letter is about, in its JSON and in its query.
    const SUBJECT: &'static str = "subject";
    /// The other pages for operators.
    const NAVIGATION: &'static [Link<'static>] = &[];

    /// What the app holds for its letters.
    fn dead_letters(&self) -> &DeadLetters;

    /// A failure as the app reports it: with a reason of its own, what it is about, and fields that only the app knows.
    fn told(&self, report: Report) -> Report {
        report
    }

    /// Checks what the query says that letters are about; the error is the sentence that the client reads.
    ///
    /// # Errors
    /// Nothing can be about that.
    fn subject(text: &str) -> Result<String, String> {
        Ok(text.to_owned())
    }

    /// Whether the person that a failure is about was erased: then it is kept without what it says. What a person is
    /// erased *by* is about somebody as long as it must be sent again. Unless the app says more, a failure that has a
    /// subject is about somebody, which is enough where messages name people by their ids.
    ///
    /// # Errors
    /// It cannot be told; then nothing is kept for now.
    fn about(&self, report: &Report) -> impl Future<Output = Result<About, CosmosFailure>> + Send {
        let known = if report.subject.is_some() { About::Somebody } else { About::Unknown };
        async move { Ok(known) }
    }

    /// A letter as the API shows it.
    fn shown(letter: &Letter) -> Value {
        serde_json::to_value(letter).unwrap_or_default()
    }

    /// Sends the message of a letter once more. It may be done twice: the letter is marked after that.
    fn redrive(
        &self,
        letter: &Letter,
        _trace: &TraceContext,
    ) -> impl Future<Output = Result<(), NotSent>> + Send {
        self.dead_letters().send_to_its_queue(letter)
    }

    /// The numbers above the list on the page.
    fn figures(&self) -> impl Future<Output = Result<Vec<Figure>, Problem>> + Send {
        async {
            let open = self.dead_letters().count_open().await;
            let open = open.map_err(problems::unavailable)?;
            Ok(vec![Figure::new("open dead letters", open)])
        }
    }
}

/// Every reason that a letter of the app can have.
pub(super) fn reasons<A: DeadLetterApp>() -> impl Iterator<Item = &'static str> {
    A::REASONS.iter().copied().chain([POISON, GIVEN_UP])
}

/// Whom a failure is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// Somebody who was not erased.
    Somebody,
    /// Somebody who was erased.
    Erased,
    /// Nobody can tell; what the letter says goes after a time.
    Unknown,
}

/// Why a letter's message was not sent.
#[derive(Debug, thiserror::Error)]
pub enum NotSent {
    /// It cannot be sent as it is; what would have to be different, without the message's values.
    #[error("{0}")]
    Unsendable(String),
    /// It may work later; the problem to answer with.
    #[error("{0}")]
    Failed(Problem),
}

/// A number on the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// What it counts.
    pub label: &'static str,
    /// The number, and what else there is to say about it.
    pub text: String,
    /// Whether somebody must do something about it.
    pub alarm: bool,
}

impl Figure {
    /// A number that alarms nobody.
    #[must_use]
    pub fn new(label: &'static str, number: impl fmt::Display) -> Self {
        Self { label, text: number.to_string(), alarm: false }
    }
}

/// How many letters are open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// Counted up to 10,000.
    pub count: usize,
    /// Whether there may be more.
    pub or_more: bool,
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.count, if self.or_more { " or more" } else { "" })
    }
}

/// What seals the lists and forms of dead letters.
#[derive(Debug)]
pub struct DeadLetterKeys {
    continuation: Continuation,
    form_key: FormKey,
}

impl DeadLetterKeys {
    /// Reads `CONTINUATION_KEY` and `FORM_KEY`.
    ///
    /// # Errors
    /// Whatever is missing or malformed is noted in `settings`, which reports all of it at once.
    pub fn read(settings: &Settings) -> Result<Self, SettingsError> {
        let (continuation, form_key) = (Continuation::read(settings), FormKey::read(settings));
        Ok(Self { continuation: continuation?, form_key: form_key? })
    }
}

/// What an app holds for its dead letters: the container `dead-letters`, and of each queue that a message may have come from
/// a sender, and a reader of its poison queue.
#[derive(Debug)]
pub struct DeadLetters {
    pub(super) letters: Letters,
    pub(super) continuation: Continuation,
    pub(super) form_key: FormKey,
    pub(super) clock: Clock,
    queues: Vec<QueueSender>,
    pub(crate) poison: Vec<QueueReader>,
    /// Where it is told which letters are open.
    pub(super) open_letters: Option<BlobContainer>,
    looked_at: Mutex<String>,
}

impl DeadLetters {
    /// Reads the keys; contacts nobody. `queues` are those that messages are re-driven to.
    ///
    /// # Errors
    /// As [`DeadLetterKeys::read`], which an app calls itself to have everything that is missing reported at once.
    pub fn read(
        settings: &Settings,
        cosmos: &Cosmos,
        storage: &Storage,
        clock: Clock,
        queues: &[impl Into<QueueName> + Clone],
    ) -> Result<Self, SettingsError> {
        Ok(Self::new(DeadLetterKeys::read(settings)?, cosmos, storage, clock, queues))
    }

    /// As [`DeadLetters::read`], with keys that were read already.
    #[must_use]
    pub fn new(
        keys: DeadLetterKeys,
        cosmos: &Cosmos,
        storage: &Storage,
        clock: Clock,
        queues: &[impl Into<QueueName> + Clone],
    ) -> Self {
        let DeadLetterKeys { continuation, form_key } = keys;
        let queues: Vec<QueueName> = queues.iter().cloned().map(Into::into).collect();
        let poison = queues.iter().map(|name| poison_of(storage, name)).collect();
        let queues = queues.into_iter().map(|name| storage.queue_sender(name)).collect();
        let (letters, looked_at) = (Letters::new(cosmos), Mutex::default());
        let open_letters = None;
        Self { letters, continuation, form_key, clock, queues, poison, open_letters, looked_at }
    }

    /// Also reads the poison queue of `queue`, to which letters are not simply sent again.
    #[must_use]
    pub fn with_poison_of(mut self, storage: &Storage, queue: &'static str) -> Self {
        self.poison.push(poison_of(storage, &queue.into()));
        self
    }

    /// How many letters are open, counted up to 10,000.
    ///
    /// # Errors
    /// Cosmos DB cannot be asked.
    pub async fn count_open(&self) -> Result<Count, CosmosFailure> {
        let open = Filter { state: Some(LetterState::Open), ..Filter::default() };
        let count = self.letters.count(&open, COUNT_UP_TO).await?;
        Ok(Count { count, or_more: count >= COUNT_UP_TO.get() as usize })
    }

    /// Takes out of all letters about a person what they say about that person. Done again after an interruption.
    ///
    /// # Errors
    /// Some are left.
    pub async fn empty(&self, subject: &str, by: &str, why: &str) -> Result<(), NotKept> {
        let about = Filter { subject: Some(subject.to_owned()), ..Filter::default() };
        let mut after = String::new();
        loop {
            let page = self.letters.by_id(&about, &after, PAGE).await?;
            for letter in page.iter().filter(|letter| !letter.is_empty()) {
                self.empty_letter(&letter.id, by, why).await?;
            }
            match page.last() {
                Some(last) if page.len() == PAGE.get() as usize => after.clone_from(&last.id),
                _ => return Ok(()),
            }
        }
    }

    pub(super) async fn empty_letter(&self, id: &str, by: &str, why: &str) -> Result<(), NotKept> {
        let empty = |letter: Option<&Letter>| {
            Ok(match letter.filter(|letter| !letter.is_empty()) {
                None => Change::Keep(()),
                Some(letter) => {
                    let now = self.clock.now();
                    Change::Write(letter.emptied(by.to_owned(), why.to_owned(), now), ())
                }
            })
        };
        self.letters.change(id, empty).await
    }

    /// The id of the letter that was looked at last, of those that may have to forget something.
    pub(super) fn looked_at(&self) -> MutexGuard<'_, String> {
        self.looked_at.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends the message of a letter to the queue that it came from.
    ///
    /// # Errors
    /// It came from none that this app sends to, or Storage did not do it.
    pub async fn send_to_its_queue(&self, letter: &Letter) -> Result<(), NotSent> {
        let Some(name) = &letter.queue else {
            return Err(NotSent::Unsendable(format!(
                "the message came from no queue but from what triggers {}",
                letter.function
            )));
        };
        self.send_to(name, letter).await
    }

    /// Sends the message of a letter to this queue.
    ///
    /// # Errors
    /// This app does not send to it, or Storage did not do it.
    pub async fn send_to(&self, name: &str, letter: &Letter) -> Result<(), NotSent> {
        let Some(queue) = self.queue(name) else {
            return Err(NotSent::Unsendable(format!("this app does not send to the queue {name}")));
        };
        let sent = match letter.form {
            Form::Json | Form::Text => queue.send(&letter.message).await,
            Form::Base64 => {
                let bytes = STANDARD.decode(&letter.message).unwrap_or_default();
                queue.send_bytes(&bytes).await
            }
        };
        sent.map_err(NotSent::from)
    }

    /// The queue of this name, if messages are re-driven to it.
    pub(crate) fn queue(&self, name: &str) -> Option<&QueueSender> {
        self.queues.iter().find(|queue| queue.name().as_str() == name)
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

fn poison_of(storage: &Storage, queue: &QueueName) -> QueueReader {
    storage.queue_reader(queue.followed_by(POISON_SUFFIX))
}

impl From<StorageFailure> for NotSent {
    fn from(failure: StorageFailure) -> Self {
        if failure.is_too_large() {
            return Self::Unsendable(failure.to_string());
        }
        Self::Failed(problems::storage_unavailable(failure))
    }
}

impl From<CosmosFailure> for NotSent {
    fn from(failure: CosmosFailure) -> Self {
        Self::Failed(problems::unavailable(failure))
    }
}
