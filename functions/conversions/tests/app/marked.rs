//! What other apps and the sales office say, to see that nothing of it is in any telemetry.

use crate::support::{START, abandoned_quote, contact, leads_that, taken, upload};
use app_tests::feeding::{Fed, Feeding};
use app_tests::{Kind, Setup, this_app};
use serde_json::json;

const QUOTE: &str = "01980c6e-3333-7000-8000-000000000001";

pub(crate) async fn feed(feeding: Feeding) -> Fed {
    let app = feeding.listening(Setup::of(this_app!())).start().await;
    let mark = |kind| feeding.marks().new_mark(kind);
    let kim = contact(1);
    let mut quote = abandoned_quote(&kim, QUOTE);
    quote["data"]["emailAddress"] = json!(mark(Kind::Email));
    app.hub("contact").publish(&quote).await;
    app.hub("contact").publish_text(&kim, &format!("[\"{}", mark(Kind::Name))).await;
    app.hub("contact").publish(&abandoned_quote(&contact(2), QUOTE)).await;
    leads_that(&app, &contact(2), "a lead", |leads| leads.len() == 1).await;
    let names = "leadId,contactId,serviceId,soldAt,endsAt";
    let right = format!(",{kim},home-care,{START},");
    let wrong = [Kind::Name, Kind::Email, Kind::Iban, Kind::Text].map(mark).join(",");
    let named = format!("{}.csv", mark(Kind::Word));
    upload(&app, &named, &[names, &right, &wrong]).await;
    taken(&app, &named).await;
    let unknown = format!("{}.csv", mark(Kind::Word));
    upload(&app, &unknown, &[&wrong, &format!("\"{}", mark(Kind::Phone))]).await;
    let gone = json!({"fileName": mark(Kind::FileName)});
    app.queue("conversions-files").send_json(&gone).await;
    feeding.everything(&app).await
}
