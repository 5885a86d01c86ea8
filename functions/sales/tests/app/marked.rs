//! What buyers, the vendor and the mail service say, to see that nothing of it is in any telemetry.

use crate::support::KIM;
use crate::whole::WholeApp;
use app_tests::feeding::{Fed, Feeding};
use app_tests::{Kind, Method};
use serde_json::json;

pub(crate) async fn feed(feeding: Feeding) -> Fed {
    let app = WholeApp::with(|setup| feeding.listening(setup)).await;
    let mark = |kind| feeding.marks().new_mark(kind);
    let body = json!({
        "lines": [{"serviceId": "night-watch", "quantity": 2, "months": 12}],
        "buyer": {
            "name": mark(Kind::Name), "emailAddress": mark(Kind::Email),
            "address": {"street": mark(Kind::Street), "city": mark(Kind::Name), "country": "DK"},
        },
    });
    let request = app.request(Method::POST, &format!("/v1/profiles/{KIM}/orders"));
    let request = request.header("idempotency-key", &mark(Kind::Word));
    let order = request.json(&body).send().await.expect(202).id();
    app.until_fulfilled(&order).await;
    for licence in app.licences_of(&order).await {
        let key = format!("/v1/profiles/{KIM}/licences/{}/key", licence["id"].as_str().unwrap());
        let key = app.get(&key).await.json();
        key["key"].as_str().into_iter().for_each(|key| feeding.marks().note(key));
    }
    feeding.everything(&app).await
}
