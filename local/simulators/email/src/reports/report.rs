//! A delivery report, as Event Grid is given it.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::mail::Mail;

/// The resource that the events are of.
const RESOURCE: &str = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/local/providers/\
                        Microsoft.Communication/communicationServices/local";

/// What a report says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    /// It is in the mailbox.
    Delivered,
    /// It went to the members of a list.
    Expanded,
    /// There is no such mailbox.
    Bounced,
    /// The address has bounced before: nothing was sent.
    Suppressed,
    /// Held back as spam, a virus or a forgery.
    Quarantined,
    /// Taken for spam.
    FilteredSpam,
    /// It could not be delivered.
    Failed,
}

/// A delivery report about one recipient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Report {
    /// Counts from 1.
    pub(crate) number: u64,
    /// Of the event: the same however often it comes.
    pub(crate) id: Uuid,
    pub(crate) mail: u64,
    /// The operation id.
    pub(crate) message_id: Uuid,
    pub(crate) sender: String,
    pub(crate) recipient: String,
    pub(crate) status: Status,
    pub(crate) details: String,
    /// When it happened.
    pub(crate) happened_at: Timestamp,
    /// When it is told next.
    pub(crate) due: Timestamp,
    /// How often it is told.
    pub(crate) copies: u32,
    pub(crate) attempts: u32,
    pub(crate) outcome: Option<Outcome>,
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Outcome {
    /// Event Grid has it.
    Published,
    /// Event Grid was away for a day.
    GivenUp,
}

/// What became of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Attempted {
    Published,
    Failed,
}

/// The pause before a report is told again: doubled each time, up to the most.
const PAUSE_FIRST_MS: i64 = 100;
const PAUSE_MOST_MS: i64 = 5_000;
/// After so long it is given up.
const GIVEN_UP_AFTER: SignedDuration = SignedDuration::from_hours(24);

impl Status {
    pub(crate) const ALL: [Self; 7] = [
        Self::Delivered,
        Self::Expanded,
        Self::Bounced,
        Self::Suppressed,
        Self::Quarantined,
        Self::FilteredSpam,
        Self::Failed,
    ];

    /// As in events.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Delivered => "Delivered",
            Self::Expanded => "Expanded",
            Self::Bounced => "Bounced",
            Self::Suppressed => "Suppressed",
            Self::Quarantined => "Quarantined",
            Self::FilteredSpam => "FilteredSpam",
            Self::Failed => "Failed",
        }
    }

    fn details(self) -> &'static str {
        match self {
            Self::Delivered | Self::Expanded => "No error.",
            Self::Bounced => "550 5.1.1 The recipient's mailbox does not exist.",
            Self::Suppressed => "The recipient is on the suppression list.",
            Self::Quarantined => "The message was quarantined.",
            Self::FilteredSpam => "The message was taken for spam.",
            Self::Failed => "The message could not be delivered.",
        }
    }
}

impl Report {
    /// About a recipient of a mail; told at `due`.
    pub(crate) fn of(
        (number, mail): (u64, &Mail),
        recipient: &str,
        status: Status,
        due: Timestamp,
    ) -> Self {
        Self {
            number,
            id: Uuid::new_v4(),
            mail: mail.number,
            message_id: mail.operation_id,
            sender: mail.sender.clone(),
            recipient: recipient.to_owned(),
            status,
            details: status.details().to_owned(),
            happened_at: due,
            due,
            copies: 1,
            attempts: 0,
            outcome: None,
        }
    }

    /// In Event Grid's schema.
    pub(crate) fn event(&self) -> Value {
        json!({
            "id": self.id,
            "topic": RESOURCE,
            "subject": format!("sender/{}/message/{}", self.sender, self.message_id),
            "data": {
                "sender": self.sender,
                "recipient": self.recipient,
                "messageId": self.message_id,
                "status": self.status,
                "deliveryStatusDetails": {"statusMessage": self.details},
                "deliveryAttemptTimeStamp": self.happened_at,
            },
            "eventType": "Microsoft.Communication.EmailDeliveryReportReceived",
            "dataVersion": "1.0",
            "metadataVersion": "1",
            "eventTime": self.happened_at,
        })
    }

    /// It after an attempt.
    pub(crate) fn after(&self, attempted: Attempted, now: Timestamp) -> Self {
        let mut after = self.clone();
        after.attempts += 1;
        match attempted {
            Attempted::Published => after.outcome = Some(Outcome::Published),
            Attempted::Failed if now.duration_since(self.happened_at) > GIVEN_UP_AFTER => {
                after.outcome = Some(Outcome::GivenUp);
            }
            Attempted::Failed => {
                let doubled = PAUSE_FIRST_MS.checked_shl(self.attempts).unwrap_or(PAUSE_MOST_MS);
                let pause =
                    SignedDuration::from_millis(doubled.clamp(PAUSE_FIRST_MS, PAUSE_MOST_MS));
                after.due = now.saturating_add(pause).unwrap_or(now);
            }
        }
        after
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;

    #[test]
    fn a_report_is_told_again_and_given_up_after_a_day() {
        let now: Timestamp = "2026-11-30T09:00:00Z".parse().unwrap();
        let message = serde_json::from_value(crate::message::tests::full()).unwrap();
        let mail = Mail::of(1, Uuid::nil(), &message, now);
        let report = Report::of((1, &mail), "kim@example.com", Status::Bounced, now);
        let after = report.after(Attempted::Failed, now);
        assert_eq!(after.due.duration_since(now).as_millis(), 100);
        let often = Report { attempts: 70, ..report.clone() };
        assert_eq!(often.after(Attempted::Failed, now).due.duration_since(now).as_millis(), 5_000);
        let later = now + SignedDuration::from_hours(25);
        assert_eq!(report.after(Attempted::Failed, later).outcome, Some(Outcome::GivenUp));
        assert_eq!(report.after(Attempted::Published, now).outcome, Some(Outcome::Published));
        let event = report.event();
        assert_eq!(event["subject"], format!("sender/{}/message/{}", mail.sender, Uuid::nil()));
        assert_eq!(event["data"]["deliveryAttemptTimeStamp"], "2026-11-30T09:00:00Z");
    }
}
