//! Change feed of `services`: tells others on the event hub `product` how each service of the catalogue is now. Of several
//! changes in a row the last one is told; the same version again has the same id.

use crate::app::App;
use crate::domain::Service;
use crate::store::Services;
use crate::told;
use custom_handler::{ChangeFeed, Done, Failure, Function, Invocation, function};
use messages::{Tale, Telling};
use std::convert::Infallible;
use std::future::ready;

pub(crate) const FUNCTION: Function = function!();

pub(crate) async fn handle(
    app: &App,
    feed: ChangeFeed,
    invocation: Invocation,
) -> Result<Done, Failure> {
    let (services, rejected) = Services::changed(&feed);
    let telling = Telling { tales: services.iter().map(tale).collect(), rejected };
    let note = |()| ready(Ok::<_, Infallible>(()));
    telling.tell(app, &app.product_facts, &invocation, &feed.writers(), note).await
}

/// Nothing is noted of it: the same version may be told again.
fn tale(service: &Service) -> Tale<()> {
    Tale { document: service.id.to_string(), events: vec![told::updated(service)], told: None }
}
