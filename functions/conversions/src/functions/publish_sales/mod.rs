//! Change feed of `sales`: tells others on the event hub `sale` what was sold. Told as leads are: `publish_leads`.

use crate::app::App;
use crate::domain::{Sale, SaleId};
use crate::store::Sales;
use crate::told;
use custom_handler::{ChangeFeed, Done, Failure, Function, Invocation, function};
use messages::{Tale, Telling};

pub(crate) const FUNCTION: Function = function!();

pub(crate) async fn handle(
    app: &App,
    feed: ChangeFeed,
    invocation: Invocation,
) -> Result<Done, Failure> {
    let (sales, rejected) = Sales::changed(&feed);
    let telling = Telling { tales: sales.iter().map(tale).collect(), rejected };
    let known = Sales::known_by(&feed);
    let note = |id| app.sales.told(id, &known);
    telling.tell(app, &app.sale_facts, &invocation, &feed.writers(), note).await
}

fn tale(sale: &Sale) -> Tale<SaleId> {
    let told = (!sale.told).then_some(sale.id);
    Tale { document: sale.id.to_string(), events: told::of_sale(sale).into_iter().collect(), told }
}
