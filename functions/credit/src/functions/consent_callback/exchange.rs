//! A code becomes a token: once, however often its URL is opened.

use crate::app::App;
use crate::bank::{BankFailure, Granted};
use crate::domain::{Consent, ConsentState, Sealed};
use crate::problems;
use azure_data::ChangeError;
use custom_handler::Problem;
use jiff::SignedDuration;
use public_api::problems::{busy, exhausted, not_changed, unavailable};
use std::convert::Infallible;
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// An exchange is over by then, or whoever began it is dead: longer than the bank is waited for.
const EXCHANGE_TAKES: SignedDuration = SignedDuration::from_secs(20);
/// Who comes meanwhile waits so long for its end, and looks so often: a browser that asks twice shows the second answer.
const WAIT_FOR: Duration = Duration::from_secs(25);
const LOOK_EVERY: Duration = Duration::from_millis(300);

/// The consent with the token that the code is good for; or as it is by now, if it needs none any more.
pub(super) async fn exchange(app: &App, consent: &Consent, code: &str) -> Result<Consent, Problem> {
    let asked = match claim(app, consent).await? {
        Claim::Ours(asked) => asked,
        Claim::Decided(consent) => return Ok(*consent),
    };
    let asked = app.secrets.open_for_now(&asked, &consent.id.to_string());
    let asked = asked.map_err(problems::sealed)?;
    let (_, verifier) = asked.split_once(' ').unwrap_or_default();
    match app.bank.exchange(code, verifier).await {
        Ok(granted) => keep(app, consent, granted).await,
        Err(failure) => {
            let freed = |it: Consent| Ok::<_, Infallible>(it.not_exchanged());
            app.consents.change(consent.id, freed).await.map_err(never_refused)?;
            Err(match failure {
                BankFailure::Refused(_) => {
                    problems::callback_refused("the bank does not take its code; begin again")
                }
                failure => problems::bank_away(failure),
            })
        }
    }
}

enum Claim {
    /// This request exchanges the code.
    Ours(Sealed),
    /// The person has decided, or somebody took it back.
    Decided(Box<Consent>),
}

/// Two exchanges of one code would have the bank revoke the token that the first one got (RFC 6749, section 4.1.2).
async fn claim(app: &App, consent: &Consent) -> Result<Claim, Problem> {
    let ends = Instant::now() + WAIT_FOR;
    loop {
        let now = app.clock.now();
        let until = now.saturating_add(EXCHANGE_TAKES).unwrap_or(now);
        let begin = |it: Consent| it.clone().exchanging(now, until).ok_or_else(|| Box::new(it));
        match app.consents.change(consent.id, begin).await {
            Ok(Some(Consent { state: ConsentState::Pending { asked, .. }, .. })) => {
                return Ok(Claim::Ours(asked));
            }
            Ok(_) => return Err(problems::callback_refused("nobody asks for it any more")),
            Err(ChangeError::Refused(it)) if !matches!(it.state, ConsentState::Pending { .. }) => {
                return Ok(Claim::Decided(it));
            }
            Err(ChangeError::Refused(_)) if Instant::now() >= ends => return Err(busy()),
            Err(ChangeError::Refused(_)) => sleep(LOOK_EVERY).await,
            Err(ChangeError::Exhausted(others)) => return Err(exhausted(others)),
            Err(ChangeError::Failed(failure)) => return Err(unavailable(failure)),
        }
    }
}

async fn keep(app: &App, consent: &Consent, granted: Granted) -> Result<Consent, Problem> {
    let token = app.secrets.seal_for_now(&granted.token, &consent.id.to_string());
    let token = token.map_err(problems::sealed)?;
    let grant = |it: Consent| Ok::<_, Infallible>(it.granted(token.clone(), granted.until));
    let kept = app.consents.change(consent.id, grant).await.map_err(never_refused)?;
    kept.ok_or_else(|| problems::callback_refused("nobody asks for it any more"))
}

fn never_refused(error: ChangeError<Infallible>) -> Problem {
    not_changed(error, |never| match never {})
}
