//! The facts that this app takes in, and what follows from each.

use crate::app::App;
use crate::domain::{AccountId, ContactId, SaleId, ServiceId, Sold, TooManyProducts};
use azure_data::ChangeError;
use custom_handler::{Failure, Invocation, Payload};
use jiff::Timestamp;
use messages::{EventConsumer, EventType, Received};
use serde::Deserialize;
use serde_json::Value;
use std::convert::Infallible;

const ACCOUNT_ACTIVATED: EventType = EventType::new("com.iommi.profiles.account-activated.v1");
const ACCOUNT_DEACTIVATED: EventType = EventType::new("com.iommi.profiles.account-deactivated.v1");
const SALE_CONFIRMED: EventType = EventType::new("com.iommi.conversions.sale-confirmed.v1");
/// All of them.
pub(crate) const TYPES: &[EventType] = &[ACCOUNT_ACTIVATED, ACCOUNT_DEACTIVATED, SALE_CONFIRMED];

/// functions/profiles/messages/account-activated.schema.json, account-deactivated.schema.json
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Account {
    profile_id: ContactId,
    #[serde(default)]
    account_id: Option<AccountId>,
    at: Timestamp,
}

/// What is needed of functions/conversions/messages/sale-confirmed.schema.json.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Sale {
    sale_id: SaleId,
    contact_id: ContactId,
    service_id: ServiceId,
    sold_at: Timestamp,
    #[serde(default)]
    ends_at: Option<Timestamp>,
}

impl EventConsumer for App {
    const REPLAYS: &'static str = "contacts-replays";

    async fn take(&self, event: &Payload, invocation: &mut Invocation) -> Result<(), Failure> {
        let Some(event) = self.facts.read_known(event, invocation)? else { return Ok(()) };
        match event.r#type {
            ACCOUNT_ACTIVATED => opened(self, &event).await,
            ACCOUNT_DEACTIVATED => closed(self, &event).await,
            _ => bought(self, &event).await,
        }
    }
}

async fn opened(app: &App, event: &Received<Value>) -> Result<(), Failure> {
    let Account { profile_id, account_id, at } = event.content()?;
    let revision = event.revision()?;
    let edited = app.contacts.change(profile_id, |contact| {
        Ok::<_, Infallible>(contact.opened(revision, account_id, at))
    });
    edited.await.map(drop).map_err(Failure::again)
}

async fn closed(app: &App, event: &Received<Value>) -> Result<(), Failure> {
    let Account { profile_id, at, .. } = event.content()?;
    let revision = event.revision()?;
    let edited = app
        .contacts
        .change(profile_id, |contact| Ok::<_, Infallible>(contact.closed(revision, at)));
    edited.await.map(drop).map_err(Failure::again)
}

async fn bought(app: &App, event: &Received<Value>) -> Result<(), Failure> {
    let Sale { sale_id, contact_id, service_id, sold_at, ends_at } = event.content()?;
    let sold = Sold { sale_id, service_id, sold_at, ends_at };
    let edited = app.contacts.change(contact_id, |contact| contact.bought(sold.clone()));
    match edited.await {
        Ok(_) => Ok(()),
        Err(ChangeError::Refused(TooManyProducts)) => {
            Err(Failure::give_up("the contact has as many products as are kept of one"))
        }
        Err(error) => Err(Failure::again(error.map_refused(|_| "no more products"))),
    }
}
