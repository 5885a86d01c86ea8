//! What follows from each fact that this app takes in.

use crate::app::App;
use crate::domain::{ContactId, Lead, LeadId, Reason, is_worth_a_lead};
use crate::events::{ACCOUNT_ACTIVATED, ACCOUNT_DEACTIVATED, AbandonedQuote, Account};
use custom_handler::{Failure, Invocation, Payload};
use jiff::Timestamp;
use messages::{EventConsumer, Received};
use serde_json::Value;
use std::num::NonZeroU32;

/// More leads than a contact can have: one of the account, and one of each quote.
const ALL_LEADS: NonZeroU32 = NonZeroU32::new(1_000).expect("not zero");

impl EventConsumer for App {
    const REPLAYS: &'static str = "conversions-replays";

    async fn take(&self, event: &Payload, invocation: &mut Invocation) -> Result<(), Failure> {
        let Some(event) = self.facts.read_known(event, invocation)? else { return Ok(()) };
        match event.r#type {
            ACCOUNT_ACTIVATED => opened(self, &event).await,
            ACCOUNT_DEACTIVATED => closed(self, &event).await,
            _ => quote_abandoned(self, &event).await,
        }
    }
}

/// One new account in three is a lead.
async fn opened(app: &App, event: &Received<Value>) -> Result<(), Failure> {
    let Account { profile_id: contact, at } = event.content()?;
    if !is_worth_a_lead(contact) {
        return Ok(());
    }
    generate(app, LeadId::of_account(contact), contact, &Reason::NewAccount, at).await
}

async fn quote_abandoned(app: &App, event: &Received<Value>) -> Result<(), Failure> {
    let AbandonedQuote { contact_id: contact, quote_id, service_id, at } = event.content()?;
    let reason = Reason::AbandonedQuote { quote_id, service_id };
    generate(app, LeadId::of_quote(contact, quote_id), contact, &reason, at).await
}

/// A lead that is there stays as it is.
async fn generate(
    app: &App,
    id: LeadId,
    contact: ContactId,
    reason: &Reason,
    at: Timestamp,
) -> Result<(), Failure> {
    let generated = app.leads.change(id, |there| {
        there.or_else(|| Some(Lead::generated(id, contact, reason.clone(), at)))
    });
    generated.await.map_err(Failure::again)
}

/// All leads to the contact fail. That of the account comes never any more, also if the account is told of later.
async fn closed(app: &App, event: &Received<Value>) -> Result<(), Failure> {
    let Account { profile_id: contact, at } = event.content()?;
    let of_account = LeadId::of_account(contact);
    if is_worth_a_lead(contact) {
        let ended = app.leads.change(of_account, |there| {
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
