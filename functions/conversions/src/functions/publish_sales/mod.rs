//! Change feed of `sales`: tells others on the event hub `sale` what was sold. Told as leads are: `publish_leads`.

use crate::app::App;
use crate::store::Sales;
use crate::told;
use custom_handler::{ChangeFeed, Done, Failure, Function, Invocation, function};
use messages::Telling;

pub(crate) const FUNCTION: Function = function!();

pub(crate) async fn handle(
    app: &App,
    feed: ChangeFeed,
    invocation: Invocation,
) -> Result<Done, Failure> {
    let (sales, rejected) = Sales::changed(&feed);
    let events = sales.iter().filter_map(told::of_sale).collect();
    let told = sales.iter().filter(|sale| !sale.told).map(|sale| sale.id).collect();
    let telling = Telling { events, told, rejected };
    let known = Sales::known_by(&feed);
    telling.tell(app, &app.sale_facts, &invocation, |id| app.sales.told(id, &known)).await
}
