//! What follows from each fact that this app takes in.

use crate::app::App;
use crate::domain::{ContactId, Lead, LeadId, Reason, is_worth_a_lead};
use crate::events::{ACCOUNT_ACTIVATED, ACCOUNT_DEACTIVATED, AbandonedQuote, Account};
use crate::store::KnownLeads;
use custom_handler::{Failure, Invocation, Payload};
use jiff::Timestamp;
use messages::{EventConsumer, Received};
use serde_json::Value;
use std::num::NonZeroU32;

/// More leads than a contact can have: one of the account, and one of each quote.
const ALL_LEADS: NonZeroU32 = NonZeroU32::new(1_000).expect("not zero");

/// What is to become of leads to a contact.
pub(crate) enum News {
    /// This one is generated.
    Chance(Lead),
    /// All of them fail, since the contact is gone.
    Gone { contact: ContactId, at: Timestamp },
}

impl EventConsumer for App {
    const REPLAYS: &'static str = "conversions-replays";
    type Fact = News;
    type Known = KnownLeads;

    fn read(&self, event: &Payload, invocation: &mut Invocation) -> Result<Option<News>, Failure> {
        match self.facts.read_known(event, invocation)? {
            Some(event) => news(&event),
            None => Ok(None),
        }
    }

    fn key(news: &News) -> String {
        match news {
            News::Chance(lead) => lead.contact_id.to_string(),
            News::Gone { contact, .. } => contact.to_string(),
        }
    }

    async fn look(&self, news: &[&News]) -> Result<KnownLeads, Failure> {
        let leads = news.iter().map(|news| match news {
            News::Chance(lead) => lead.id,
            News::Gone { contact, .. } => LeadId::of_account(*contact),
        });
        self.leads.known(leads).await.map_err(Failure::again)
    }

    async fn take(&self, news: &[&News], known: &KnownLeads) -> Vec<Result<(), Failure>> {
        let mut ended = Vec::with_capacity(news.len());
        for news in news {
            ended.push(match news {
                News::Chance(lead) => generate(self, lead, known).await,
                News::Gone { contact, at } => fail_all(self, *contact, *at, known).await,
            });
            if ended.last().is_some_and(Result::is_err) {
                break;
            }
        }
        ended
    }
}

/// One new account in three is a lead.
fn news(event: &Received<Value>) -> Result<Option<News>, Failure> {
    match event.r#type {
        ACCOUNT_ACTIVATED => {
            let Account { profile_id: contact, at } = event.content()?;
            let lead =
                || Lead::generated(LeadId::of_account(contact), contact, Reason::NewAccount, at);
            Ok(is_worth_a_lead(contact).then(|| News::Chance(lead())))
        }
        ACCOUNT_DEACTIVATED => {
            let Account { profile_id: contact, at } = event.content()?;
            Ok(Some(News::Gone { contact, at }))
        }
        _ => {
            let AbandonedQuote { contact_id: contact, quote_id, service_id, at } =
                event.content()?;
            let (id, reason) = (
                LeadId::of_quote(contact, quote_id),
                Reason::AbandonedQuote { quote_id, service_id },
            );
            Ok(Some(News::Chance(Lead::generated(id, contact, reason, at))))
        }
    }
}

/// A lead that is there stays as it is, for ever.
async fn generate(app: &App, lead: &Lead, known: &KnownLeads) -> Result<(), Failure> {
    let generated =
        app.leads.change_known(lead.id, known, |there| there.or_else(|| Some(lead.clone())));
    generated.await.map_err(Failure::again)
}

/// That of the account comes never any more, also if the account is told of later.
async fn fail_all(
    app: &App,
    contact: ContactId,
    at: Timestamp,
    known: &KnownLeads,
) -> Result<(), Failure> {
    let of_account = LeadId::of_account(contact);
    if is_worth_a_lead(contact) {
        let ended = app.leads.change_known(of_account, known, |there| {
            Some(match there {
                Some(lead) => lead.abandoned(at),
                None => Lead::void(of_account, contact, Reason::NewAccount, at),
            })
        });
        ended.await.map_err(Failure::again)?;
    }
    for lead in app.leads.of_contact(contact, ALL_LEADS).await.map_err(Failure::again)? {
        let ended = app.leads.change(lead.id, |there| there.map(|lead| lead.abandoned(at)));
        ended.await.map_err(Failure::again)?;
    }
    Ok(())
}
