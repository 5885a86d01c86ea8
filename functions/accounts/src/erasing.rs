//! What is done when somebody is erased: at once, and again and again until nothing is left.

use crate::app::App;
use crate::domain::{Account, AccountState, Customer, Erasure};
use azure_data::{ChangeError, CosmosFailure, Exhausted};
use jiff::SignedDuration;
use std::convert::Infallible;
use std::num::NonZeroU32;
use values::Line;

/// How long after an erasure somebody may still be at work who began before it.
const STRAGGLERS: SignedDuration = SignedDuration::from_hours(24);
/// Most cases that are emptied at a time.
const CASES: NonZeroU32 = NonZeroU32::new(1_000).expect("not zero");
/// What stands for the name of an account.
const NAMELESS: &str = "Erased";

/// Why an erasure did not get on; it goes on later.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotErased {
    #[error(transparent)]
    Busy(#[from] Exhausted),
    #[error(transparent)]
    Failed(#[from] CosmosFailure),
}

impl From<ChangeError<Infallible>> for NotErased {
    fn from(error: ChangeError<Infallible>) -> Self {
        match error {
            ChangeError::Refused(never) => match never {},
            ChangeError::Exhausted(exhausted) => exhausted.into(),
            ChangeError::Failed(failure) => failure.into(),
        }
    }
}

/// Does what there is to do for a customer who is erased. Done again it changes nothing.
pub(crate) async fn go_on(app: &App, customer: &Customer) -> Result<(), NotErased> {
    let Some(Erasure { at, is_done: false }) = customer.erasure else { return Ok(()) };
    let mut all_closed = true;
    for id in &customer.accounts {
        let erase = |account: Account| Ok::<_, Infallible>(account.erased(nameless()));
        let account = app.accounts.change(*id, erase).await?;
        // One that is not there may be about to be opened.
        all_closed &= account.is_none_or(|account| account.state == AccountState::Closed);
    }
    let cases = app.support_cases.written_by(customer.id, CASES).await?;
    for case in &cases {
        app.support_cases.change(*case, |case| Ok::<_, Infallible>(case.without_text())).await?;
    }
    let nobody_is_late = app.clock.now().duration_since(at) >= STRAGGLERS;
    if all_closed && cases.is_empty() && nobody_is_late {
        let done = |customer: Customer| Ok::<_, Infallible>(customer.erasure_done());
        app.customers.change(customer.id, done).await?;
    }
    Ok(())
}

fn nameless() -> Line<100> {
    Line::parse(NAMELESS).expect("a word is a line")
}
