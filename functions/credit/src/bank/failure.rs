use outgoing::{Answer, CallError, Reason, StatusCode};
use std::time::Duration;

/// Why the bank gave nothing. No text of the bank is in it, as that may be about a person.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BankFailure {
    /// There is no answer.
    #[error("{0}")]
    Call(CallError),
    /// It cannot now.
    #[error("the bank answered {status}")]
    Status { status: u16, retry_after: Option<Duration> },
    /// It did not come to an end in the time that it has.
    #[error("the bank took too long")]
    TooSlow,
    /// It does not take the token, or the person has taken the consent back there.
    #[error("the bank does not take the consent any more")]
    ConsentGone,
    /// It says that what we sent is wrong, such as a code that was used.
    #[error("the bank refused it: {0}")]
    Refused(String),
    /// Its answer is not what it promises; why.
    #[error("the bank's answer cannot be used: {0}")]
    Unusable(&'static str),
    /// As before, and asking again gets the same.
    #[error("the bank's answer has no end: {0}")]
    Endless(&'static str),
}

impl From<CallError> for BankFailure {
    fn from(error: CallError) -> Self {
        match error.reason() {
            Reason::AnswerTooLarge { .. } => Self::Unusable("it is longer than we read"),
            _ => Self::Call(error),
        }
    }
}

impl BankFailure {
    /// The higher, the less it helps to ask again.
    pub(crate) fn rank(&self) -> u8 {
        match self {
            Self::Call(_) | Self::Status { .. } | Self::TooSlow => 0,
            Self::Unusable(_) => 1,
            Self::Endless(_) | Self::Refused(_) => 2,
            Self::ConsentGone => 3,
        }
    }

    pub(super) fn of_status(answer: &Answer) -> Self {
        let passes =
            matches!(answer.status(), StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT)
                || answer.status().is_server_error();
        if passes {
            let retry_after = answer.retry_after();
            return Self::Status { status: answer.status().as_u16(), retry_after };
        }
        Self::Unusable("it has a status that the interface does not know")
    }

    /// When the bank wants to be asked again.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Call(error) => error.retry_after(),
            Self::Status { retry_after, .. } => *retry_after,
            Self::TooSlow
            | Self::ConsentGone
            | Self::Refused(_)
            | Self::Unusable(_)
            | Self::Endless(_) => None,
        }
    }
}
