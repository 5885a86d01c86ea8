//! What follows from each fact that this app takes in.

use crate::app::App;
use crate::domain::{Sold, TooManyProducts};
use crate::events::{ACCOUNT_ACTIVATED, ACCOUNT_DEACTIVATED, Account, Sale};
use azure_data::ChangeError;
use custom_handler::{Failure, Invocation, Payload};
use messages::{EventConsumer, Received};
use serde_json::Value;
use std::convert::Infallible;

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
