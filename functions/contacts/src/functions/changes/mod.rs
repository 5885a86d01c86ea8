//! Change feed of `contacts`: tells others what happened, on the event hub `contact`.
//!
//! Facts lie in the contact until they are told, and then go out of it: whoever is killed in between tells them again, with the
//! same ids. The checkpoint moves when this succeeds; otherwise the host brings the batch again, for ever.

use crate::app::App;
use crate::domain::{Contact, ContactId};
use crate::store::Contacts;
use crate::told;
use custom_handler::{ChangeFeed, Done, Failure, Function, Invocation, function};
use messages::{Tale, Telling};
use values::Revision;

pub(crate) const FUNCTION: Function = function!();

pub(crate) async fn handle(
    app: &App,
    feed: ChangeFeed,
    invocation: Invocation,
) -> Result<Done, Failure> {
    let (contacts, rejected) = Contacts::changed(&feed);
    let telling = Telling { tales: contacts.iter().map(tale).collect(), rejected };
    let known = Contacts::known_by(&feed);
    let note = |(id, revision)| app.contacts.told(id, revision, &known);
    telling.tell(app, &app.publisher, &invocation, &feed.writers(), note).await
}

fn tale(contact: &Contact) -> Tale<(ContactId, Revision)> {
    let events = told::events(contact).collect();
    Tale { document: contact.id.to_string(), events, told: last_told(contact) }
}

fn last_told(contact: &Contact) -> Option<(ContactId, Revision)> {
    contact.facts.last().map(|fact| (contact.id, fact.revision))
}
