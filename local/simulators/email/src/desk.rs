//! The service at its address: who is let in, and what faults make of the answer.

use std::{sync::Arc, time::Duration};

use jiff::SignedDuration;
use serde_json::{Value, json};
use simulator_shell::{HangUp, Refusal, Reply, Request, Section, Simulator};
use tokio::time::sleep;

use crate::{
    Faults,
    access::{self, AccessKey},
    api::{self, Refused},
    console,
    mailbox::Mailbox,
    operation::{Asked, Operation},
};

/// A request as a whole, attachments in base64 included.
const MAX_BODY_BYTES: usize = 10 << 20;
/// How long a hanging connection is held.
const HANG: Duration = Duration::from_secs(600);
const MAX_CONNECTIONS: usize = 1_024;

/// The mail service as clients and people see it.
#[derive(Debug)]
pub(crate) struct Desk {
    pub(crate) mailbox: Arc<Mailbox>,
    pub(crate) key: AccessKey,
    /// Whose senders are taken; empty: everybody's.
    pub(crate) domains: Vec<String>,
    /// How long an operation takes.
    pub(crate) takes: SignedDuration,
}

impl Simulator for Desk {
    type Faults = Faults;
    const NAME: &'static str = "email";
    const TITLE: &'static str = "Mailbox";
    const ABOUT: &'static str = "Takes mails by the protocol of Azure Communication Services, sends them to nobody, and shows them here.";
    const MAX_BODY_BYTES: usize = MAX_BODY_BYTES;
    const MAX_CONNECTIONS: usize = MAX_CONNECTIONS;

    async fn api(&self, request: Request, faults: Faults) -> Result<Reply, HangUp> {
        let Some(asked) = Asked::of(&request) else { return Ok(api::not_here()) };
        if let Err(why) = access::admit(&request, &self.key, self.mailbox.clock.now()) {
            return Ok(Refused::Denied(format!("Denied by the resource provider: {why}")).into());
        }
        let reply = api::answer(self, asked, &request, &faults).await;
        if asked != Asked::Send {
            return Ok(reply);
        }
        if faults.answer_delay_ms > 0 {
            sleep(Duration::from_millis(faults.answer_delay_ms)).await;
        }
        if faults.hang {
            sleep(HANG).await;
        }
        if faults.hang || faults.lose_answer { Err(HangUp) } else { Ok(reply) }
    }

    fn concerns(&self, request: &Request, faults: &Faults) -> bool {
        Asked::of(request).is_some_and(|asked| faults.concern(asked.operation(), &request.body))
    }

    async fn control(&self, request: &Request) -> Option<Reply> {
        console::answer(self, request)
    }

    async fn sections(&self, query: &str) -> Vec<Section> {
        console::sections(self, query)
    }

    fn refuse(&self, refusal: &Refusal) -> Reply {
        let message = refusal.message();
        let refused = match refusal {
            Refusal::InternalError | Refusal::ServerBusy => {
                Refused::Unavailable(refusal.status(), message)
            }
            Refusal::TooManyRequests { retry_after_seconds: Some(seconds) } => {
                Refused::Busy(*seconds)
            }
            Refusal::TooManyRequests { retry_after_seconds: None } => Refused::BusyWithoutHint,
            Refusal::BodyTooLarge(_) => Refused::TooLarge(message),
            Refusal::BodyTimeout(_) => Refused::Timeout(message),
            Refusal::BodyBroken(_) => Refused::Invalid(message),
        };
        refused.into()
    }

    /// Operation ids, and never who is written to.
    fn detail(&self, request: &Request) -> Value {
        let operation = Asked::of(request).map(Asked::operation).map(Operation::name);
        let id = request.header("operation-id").filter(|id| id.len() <= 36);
        json!({"operation": operation, "operationId": id, "bytes": request.body.len()})
    }
}

impl Desk {
    /// Whether the address is of a domain that was verified.
    pub(crate) fn is_linked(&self, sender: &str) -> bool {
        let domain = sender.rsplit_once('@').map_or("", |(_, domain)| domain);
        self.domains.is_empty() || self.domains.iter().any(|ours| ours.eq_ignore_ascii_case(domain))
    }
}
