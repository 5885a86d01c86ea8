//! Change feed of `contacts`: tells others what happened, on the event hub `contact`.
//!
//! Facts lie in the contact until they are told, and then go out of it: whoever is killed in between tells them again, with the
//! same ids. The checkpoint moves when this succeeds; otherwise the host brings the batch again, for ever.

use crate::app::App;
use crate::domain::{Contact, ContactId};
use crate::store::Contacts;
use crate::told;
use custom_handler::{ChangeFeed, Done, Failure, Function, Invocation, function};
use futures::{StreamExt, TryStreamExt, stream};
use messages::{CloudEvent, keep_rejected};
use serde_json::Value;
use values::Revision;

pub(crate) const FUNCTION: Function = function!();

/// How many contacts are written at the same time.
const MAX_AT_ONCE: usize = 16;

pub(crate) async fn handle(
    app: &App,
    feed: ChangeFeed,
    invocation: Invocation,
) -> Result<Done, Failure> {
    let (contacts, rejected) = Contacts::changed(&feed);
    let events: Vec<CloudEvent<Value>> = contacts
        .iter()
        .flat_map(told::events)
        .map(|event| event.in_trace(invocation.trace()))
        .collect();
    app.publisher.publish_all(&events).await.map_err(Failure::again)?;
    let told: Vec<(ContactId, Revision)> = contacts.iter().filter_map(last_told).collect();
    stream::iter(told)
        .map(|(id, revision)| app.contacts.told(id, revision))
        .buffer_unordered(MAX_AT_ONCE)
        .try_collect::<()>()
        .await
        .map_err(Failure::again)?;
    for rejected in &rejected {
        keep_rejected(app, rejected, &invocation).await.map_err(Failure::again)?;
    }
    Ok(Done::nothing().log(format!("{} facts", events.len())))
}

fn last_told(contact: &Contact) -> Option<(ContactId, Revision)> {
    contact.facts.last().map(|fact| (contact.id, fact.revision))
}
