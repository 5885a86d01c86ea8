//! One trace from an order to the mail in its buyer's mailbox, whatever slept, came from others or was made once more meanwhile.

use crate::whole::WholeApp;
use app_tests::{Span, Trace};
use pretty_assertions::assert_eq;
use std::collections::BTreeMap;

/// What the app itself did for the order, each kind of work where it was done first. Without its calls to others and to its
/// data, without tries that came to nothing, and without what follows each of the order's versions: how many of those there
/// are differs from run to run.
fn story(trace: &Trace) -> String {
    let mut firsts: BTreeMap<&str, &str> = BTreeMap::new();
    for span in trace.spans.iter().filter(|span| span.service == "sales") {
        firsts.entry(&span.name).or_insert(&span.id);
    }
    let is_first = |span: &Span| firsts.get(span.name.as_str()) == Some(&span.id.as_str());
    let is_aside = |span: &Span| {
        let follows = ["process orders", "changes item", "send sales-events"];
        span.service != "sales" || span.kind == "client" || follows.contains(&span.name.as_str())
    };
    trace.without(|span| is_aside(span) || !is_first(span)).tree()
}

#[tokio::test]
async fn an_order_is_one_trace_until_its_mail_is_delivered() {
    let app = WholeApp::start().await;
    app.wrong("webhookLost=1");
    let trace = app.begin_trace();
    let order = app.placed_in(&trace).await;
    app.until_fulfilled(&order).await;
    let seen = app.trace(&trace, "the report", |trace| trace.has("sales", "mail reported")).await;
    let expected = "\
sales: POST /v1/profiles/{profileId}/orders
  sales: send sales-provision-everywhere
    sales: process sales-provision-everywhere
      sales: send sales-subscribe-everywhere
        sales: process sales-subscribe-everywhere
          sales: send sales-invoice-everywhere
            sales: process sales-invoice-everywhere
              sales: send sales-document-everywhere
                sales: process sales-document-everywhere
                  sales: send sales-email-everywhere
                    sales: process sales-email-everywhere
  sales: mail reported";
    assert_eq!(story(&seen), expected);
}

#[tokio::test]
async fn what_the_vendor_tells_is_of_the_orders_trace_and_what_a_person_wants_again_points_at_it() {
    let app = WholeApp::start().await;
    let trace = app.begin_trace();
    let order = app.placed_in(&trace).await;
    app.until_fulfilled(&order).await;
    app.trace(&trace, "the webhook", |trace| trace.has("sales", "hear of the vendor")).await;
    app.restart(&order, "email", true).await.expect(202);
    let (restart, mail) =
        ("POST /sales/v1/orders/{orderId}/restart", "process sales-email-everywhere");
    let is_it = |trace: &Trace| trace.has("sales", restart) && trace.has("sales", mail);
    let again = app.any_trace("the restart", is_it).await;
    assert!(again.span("sales", mail).unwrap().links.contains(&trace.id), "{}", again.tree());
}
