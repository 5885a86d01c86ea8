//! Change feed of `leads`: tells others on the event hub `lead` what became of whom to talk to.
//!
//! Facts lie in the lead until they are told, and then go out of it: whoever is killed in between tells them again, with the
//! same ids. The checkpoint moves when this succeeds; otherwise the host brings the batch again, for ever.

use crate::app::App;
use crate::domain::{Lead, LeadId};
use crate::store::Leads;
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
    let (leads, rejected) = Leads::changed(&feed);
    let telling = Telling { tales: leads.iter().map(tale).collect(), rejected };
    let known = Leads::known_by(&feed);
    let note = |(id, revision)| app.leads.told(id, revision, &known);
    telling.tell(app, &app.lead_facts, &invocation, &feed.writers(), note).await
}

fn tale(lead: &Lead) -> Tale<(LeadId, Revision)> {
    Tale { document: lead.id.to_string(), events: told::of_lead(lead), told: last_told(lead) }
}

fn last_told(lead: &Lead) -> Option<(LeadId, Revision)> {
    lead.facts.last().map(|fact| (lead.id, fact.revision))
}
