//! What is in captured events, to see that nothing of it is in any telemetry.

use crate::support::{TestApp, activated, capture_file, lead, name};
use app_tests::feeding::{Fed, Feeding};
use app_tests::{Kind, Setup, this_app};
use serde_json::json;

const PROFILE: &str = "01980c6e-1111-7000-8000-000000000001";
const LEAD: &str = "01980c6e-3333-7000-8000-000000000001";

pub(crate) async fn feed(feeding: Feeding) -> Fed {
    let app = TestApp::from(feeding.listening(Setup::of(this_app!()))).await;
    let mark = |kind| feeding.marks().new_mark(kind);
    let (mut account, mut chosen) = (activated(PROFILE, 8), lead(LEAD, PROFILE, 9));
    account["data"]["name"] = json!(mark(Kind::Name));
    chosen["data"]["reason"] = json!(mark(Kind::Text));
    let unknown = json!({"specversion": "1.0", "id": "1", "source": mark(Kind::Email), "data": mark(Kind::Phone)});
    let files = [0, 5, 10].map(|minute| name("account", 0, minute));
    app.capture(&files[0], 0, &[account, chosen, unknown]).await;
    let bodies = [format!("{{\"name\": \"{}", mark(Kind::Name)), mark(Kind::Iban)];
    app.put_bytes(&files[1], capture_file(9, &bodies.map(String::into_bytes))).await;
    app.put_bytes(&files[2], mark(Kind::Text).into_bytes()).await;
    app.tell(&files[1]).await;
    app.tell(&files[2]).await;
    feeding.everything(&app).await
}
