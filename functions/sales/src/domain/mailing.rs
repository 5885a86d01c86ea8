//! What becomes of an order's mail. Each time that a person has it sent is one mail; attempts at it are not.

use super::order::{Mail, Order};
use super::{EmailAddress, ProblemCode, Step, StepProblem};
use jiff::Timestamp;
use uuid::Uuid;

/// The mail service has it, and nothing else is known.
const ACCEPTED: &str = "accepted";
/// It is in the mailbox.
const DELIVERED: &str = "Delivered";
/// What says that it will never be in a mailbox. Other words leave hope, or are the recipient's own doing.
const UNDELIVERABLE: [&str; 3] = ["Bounced", "Failed", "Suppressed"];

/// What a delivery report says: 1 to 40 letters, as the mail service writes them. There may be more words than we know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MailStatus(String);

impl MailStatus {
    /// That the mail service gave it up.
    pub(crate) fn failed() -> Self {
        Self("Failed".to_owned())
    }
}

impl std::str::FromStr for MailStatus {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_word = text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if is_word && (1..=40).contains(&text.len()) {
            return Ok(Self(text.to_owned()));
        }
        Err("must be one word of at most 40 letters")
    }
}

/// The person is erased: there is nobody to write to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NobodyLeft;

impl Mail {
    pub(crate) fn is_undeliverable(&self) -> bool {
        UNDELIVERABLE.contains(&self.status.as_str())
    }
}

impl Order {
    /// The mail that is to go out, as the mail service is to know it: the same one until a person has another sent.
    pub(crate) fn mail_operation(&self) -> Uuid {
        self.id.operation(&format!("email-{}", self.resends))
    }

    /// What became of the mail that is to go out. `None`: nothing is known of it, or it never went.
    pub(crate) fn current_mail(&self) -> Option<&Mail> {
        self.mail.as_ref().filter(|mail| mail.operation == self.mail_operation())
    }

    /// The mail service has this mail. What a report said before stays, and counts.
    pub(crate) fn mail_accepted(mut self, operation: Uuid, now: Timestamp) -> Self {
        if operation != self.mail_operation() {
            return self;
        }
        if self.current_mail().is_none() {
            self.mail = Some(Mail { operation, status: ACCEPTED.to_owned(), at: now });
        }
        self.held_against_report(now)
    }

    /// A report says what became of a mail. One of an older mail, or older than what is known, changes nothing.
    pub(crate) fn mail_reported(
        mut self,
        operation: Uuid,
        MailStatus(status): &MailStatus,
        at: Timestamp,
        now: Timestamp,
    ) -> Self {
        if operation != self.mail_operation() {
            return self;
        }
        let known = self.current_mail().filter(|mail| mail.status != ACCEPTED);
        if known.is_some_and(|mail| mail.status == *status || mail.at > at) {
            return self;
        }
        let mail = Mail { operation, status: status.clone(), at };
        let what = match mail.is_undeliverable() {
            true => Some("undeliverable"),
            false => (mail.status == DELIVERED).then_some("delivered"),
        };
        self.mail = Some(mail);
        let told = match what {
            Some(what) => {
                let mail = self.resends.saturating_add(1);
                self.with_history(at, what, Some(Step::Email), Some(mail), None)
            }
            None => self,
        };
        told.held_against_report(now).counted()
    }

    /// Where mail goes from now on. What is on the invoice stays.
    pub(crate) fn readdressed(
        mut self,
        address: EmailAddress,
        now: Timestamp,
    ) -> Result<Self, NobodyLeft> {
        if self.erased_at.is_some() {
            return Err(NobodyLeft);
        }
        let buyer = self.buyer.as_mut().ok_or(NobodyLeft)?;
        if buyer.email_address == address {
            return Ok(self);
        }
        buyer.email_address = address;
        Ok(self.with_history(now, "readdressed", None, None, None).counted())
    }

    /// A mail that came back was not sent.
    fn held_against_report(mut self, now: Timestamp) -> Self {
        let Some(mail) = self.current_mail().filter(|mail| mail.is_undeliverable()) else {
            return self;
        };
        let why = undeliverable(&mail.status);
        let Some(progress) = self.progress.clone().fail_late(why, now) else { return self };
        self.progress = progress;
        let attempt = self.progress.of(Step::Email).map(|step| step.attempt);
        self.with_history(now, "failed", Some(Step::Email), attempt, None)
    }
}

/// Why a mail that this was said of needs a person.
pub(crate) fn undeliverable(said: &str) -> StepProblem {
    let detail = format!(
        "the mail service says {said}: correct the buyer's e-mail address, then restart the step with `resend`"
    );
    StepProblem { code: ProblemCode::Undeliverable, detail }
}

#[cfg(test)]
#[path = "mailing_tests.rs"]
mod tests;
