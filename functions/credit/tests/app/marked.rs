//! What partners, people and their bank say, to see that nothing of it is in any telemetry.

use crate::secrecy::collect;
use crate::support::TestApp;
use app_tests::Kind;
use app_tests::feeding::{Fed, Feeding};
use serde_json::json;

pub(crate) async fn feed(feeding: Feeding) -> Fed {
    let app = TestApp::with(|setup| feeding.listening(setup)).await;
    let marks = feeding.marks();
    let token = app.token("joint").await;
    marks.note(&token);
    let body = json!({ "bankToken": token, "customerReference": marks.new_mark(Kind::Name) });
    let id = app.begun(&body).await;
    app.is(&id, "scored").await;
    app.granted(&marks.new_mark(Kind::Email), "salaried").await;
    let mut said_by_bank = Vec::new();
    collect(&app.look_at_bank("markers").await, &mut said_by_bank);
    assert!(said_by_bank.len() > 10, "{said_by_bank:?}");
    said_by_bank.iter().for_each(|text| marks.note(text));
    feeding.everything(&app).await
}
