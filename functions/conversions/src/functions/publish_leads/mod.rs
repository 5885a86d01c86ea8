//! Change feed of `leads`: tells others on the event hub `lead` what became of whom to talk to.
//!
//! Facts lie in the lead until they are told, and then go out of it: whoever is killed in between tells them again, with the
//! same ids. The checkpoint moves when this succeeds; otherwise the host brings the batch again, for ever.

use crate::app::App;
use crate::domain::LeadId;
use crate::store::Leads;
use crate::told;
use custom_handler::{ChangeFeed, Done, Failure, Function, Invocation, function};
use futures::{StreamExt, TryStreamExt, stream};
use messages::{CloudEvent, keep_rejected};
use serde_json::Value;
use values::Revision;

pub(crate) const FUNCTION: Function = function!();

/// How many leads are written at the same time.
const MAX_AT_ONCE: usize = 16;

pub(crate) async fn handle(
    app: &App,
    feed: ChangeFeed,
    invocation: Invocation,
) -> Result<Done, Failure> {
    let (leads, rejected) = Leads::changed(&feed);
    let events: Vec<CloudEvent<Value>> = leads
        .iter()
        .flat_map(told::of_lead)
        .map(|event| event.in_trace(invocation.trace()))
        .collect();
    app.lead_facts.publish_all(&events).await.map_err(Failure::again)?;
    let told = leads.iter().filter_map(|lead| Some((lead.id, lead.facts.last()?.revision)));
    let told: Vec<(LeadId, Revision)> = told.collect();
    stream::iter(told)
        .map(|(id, revision)| app.leads.told(id, revision))
        .buffer_unordered(MAX_AT_ONCE)
        .try_collect::<()>()
        .await
        .map_err(Failure::again)?;
    for rejected in &rejected {
        keep_rejected(app, rejected, &invocation).await.map_err(Failure::again)?;
    }
    Ok(Done::nothing().log(format!("{} facts", events.len())))
}
