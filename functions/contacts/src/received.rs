//! What follows from each fact that this app takes in.

use crate::app::App;
use crate::domain::{ContactId, Heard, Sold, TooManyProducts};
use crate::events::{ACCOUNT_ACTIVATED, ACCOUNT_DEACTIVATED, Account, Sale};
use crate::store::KnownContacts;
use custom_handler::{Failure, Invocation, Payload};
use messages::{EventConsumer, Received};
use serde_json::Value;

/// What is heard of whom.
pub(crate) struct News {
    contact: ContactId,
    heard: Heard,
}

impl EventConsumer for App {
    const REPLAYS: &'static str = "contacts-replays";
    type Fact = News;
    type Known = KnownContacts;

    fn read(&self, event: &Payload, invocation: &mut Invocation) -> Result<Option<News>, Failure> {
        let event = self.facts.read_known(event, invocation)?;
        event.map(|event| news(&event)).transpose()
    }

    fn key(news: &News) -> String {
        news.contact.to_string()
    }

    async fn look(&self, news: &[&News]) -> Result<KnownContacts, Failure> {
        let contacts = news.iter().map(|news| news.contact);
        self.contacts.known(contacts).await.map_err(Failure::again)
    }

    async fn take(&self, news: &[&News], known: &KnownContacts) -> Vec<Result<(), Failure>> {
        let Some(first) = news.first() else { return Vec::new() };
        let heard: Vec<&Heard> = news.iter().map(|news| &news.heard).collect();
        match self.contacts.hear(first.contact, &heard, known).await {
            Ok(ended) => ended.into_iter().map(|ended| ended.map_err(refused)).collect(),
            Err(error) => vec![Err(Failure::again(error))],
        }
    }
}

fn refused(_: TooManyProducts) -> Failure {
    Failure::give_up("the contact has as many products as are kept of one")
}

fn news(event: &Received<Value>) -> Result<News, Failure> {
    match event.r#type {
        ACCOUNT_ACTIVATED => {
            let Account { profile_id: contact, account_id, at } = event.content()?;
            let revision = event.revision()?;
            Ok(News { contact, heard: Heard::Opened { revision, account_id, at } })
        }
        ACCOUNT_DEACTIVATED => {
            let Account { profile_id: contact, at, .. } = event.content()?;
            let revision = event.revision()?;
            Ok(News { contact, heard: Heard::Closed { revision, at } })
        }
        _ => {
            let Sale { sale_id, contact_id: contact, service_id, sold_at, ends_at } =
                event.content()?;
            let sold = Sold { sale_id, service_id, sold_at, ends_at };
            Ok(News { contact, heard: Heard::Bought(sold) })
        }
    }
}
