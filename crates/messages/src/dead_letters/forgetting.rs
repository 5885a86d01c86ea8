//! What letters must not keep: what they say about people who were erased, and, after a time, what they say about nobody
//! knows whom. An erasure empties the letters that are there; what fails later, or was on its way, is looked at here.

use super::app::{About, DeadLetterApp, DeadLetters};
use super::content::Content;
use super::letter::Letter;
use super::report::{Origin, Report};
use super::store::NotKept;
use azure_data::Change;
use jiff::SignedDuration;
use std::num::NonZeroU32;

/// How long a letter keeps what it says if nobody can tell whom it is about, from the last time that it was reported.
const UNKNOWN_FOR: SignedDuration = SignedDuration::from_hours(30 * 24);
/// Letters that are looked at in one run, the next ones in the next.
const MAX_LOOKED_AT: NonZeroU32 = NonZeroU32::new(100).expect("not zero");

/// Who is noted as having emptied a letter, and why.
const ERASURE: (&str, &str) = ("erasure", "the person was erased");
const TIME_LIMIT: (&str, &str) =
    ("time-limit", "30 days are over, and nobody can tell whom it is about");

impl DeadLetters {
    /// Keeps a failure; the same one again is counted in the letter that is there. Without what it says if the person that
    /// it is about was erased.
    ///
    /// # Errors
    /// It is not kept: whoever reports it must not count the message as dealt with.
    pub async fn keep<A: DeadLetterApp>(&self, app: &A, report: &Report) -> Result<(), NotKept> {
        tracing::warn!(
            dead_letter = report.id,
            reason = report.reason,
            function = report.origin.function,
            "dead letter kept"
        );
        if app.about(report).await? == About::Erased {
            return self.keep_emptied(report).await;
        }
        self.letters.keep(report, self.now()).await?;
        // Who was erased in this moment has had letters emptied before this one was there.
        if app.about(report).await? == About::Erased {
            return self.keep_emptied(report).await;
        }
        Ok(())
    }

    async fn keep_emptied(&self, report: &Report) -> Result<(), NotKept> {
        let report = Report { detail: String::new(), ..report.clone() };
        let (now, (by, why)) = (self.now(), ERASURE);
        let keep = |letter: Option<&Letter>| {
            let kept = match letter {
                None => Letter::new(report.clone(), now),
                Some(letter) => match letter.reported_again(report.clone(), now) {
                    Some(again) => again,
                    None if letter.is_empty() => return Ok(Change::Keep(())),
                    None => letter.clone(),
                },
            };
            Ok(Change::Write(kept.emptied(by.to_owned(), why.to_owned(), now), ()))
        };
        self.letters.change(&report.id, keep).await
    }

    /// Looks at some of the letters that say something, at the next ones at the next call and at all in turn, and empties
    /// those that must not keep it. How many it emptied.
    ///
    /// # Errors
    /// Cosmos DB cannot be asked, or some are left; the next call begins with them.
    pub(crate) async fn forget<A: DeadLetterApp>(&self, app: &A) -> Result<usize, NotKept> {
        let after = self.looked_at().clone();
        let letters = self.letters.that_say_something(&after, MAX_LOOKED_AT).await?;
        let mut emptied = 0;
        for letter in &letters {
            if let Some((by, why)) = self.must_forget(app, letter).await? {
                self.empty_letter(&letter.id, by, why).await?;
                emptied += 1;
            }
            self.looked_at().clone_from(&letter.id);
        }
        if letters.len() < MAX_LOOKED_AT.get() as usize {
            self.looked_at().clear();
        }
        Ok(emptied)
    }

    async fn must_forget<A: DeadLetterApp>(
        &self,
        app: &A,
        letter: &Letter,
    ) -> Result<Option<(&'static str, &'static str)>, NotKept> {
        Ok(match app.about(&report_of(letter)).await? {
            About::Somebody => None,
            About::Erased => Some(ERASURE),
            About::Unknown => {
                let is_over = self.now().duration_since(letter.last_at) > UNKNOWN_FOR;
                is_over.then_some(TIME_LIMIT)
            }
        })
    }
}

/// What is known of a letter, as it was reported.
fn report_of(letter: &Letter) -> Report {
    let origin = Origin { function: letter.function.clone(), queue: letter.queue.clone() };
    let content = Content::of_text(letter.message.clone());
    let report = Report::new(letter.reason.clone(), origin, letter.detail.clone(), content);
    Report { id: letter.id.clone(), subject: letter.subject.clone(), ..report }
}
