//! What customers and the card network say, to see that nothing of it is in any telemetry.

use crate::support::{TestApp, kroner};
use app_tests::feeding::{Fed, Feeding};
use app_tests::{Kind, Setup, this_app};
use serde_json::json;
use uuid::Uuid;

pub(crate) async fn feed(feeding: Feeding) -> Fed {
    let app = TestApp::of(feeding.listening(Setup::of(this_app!()))).await;
    let mark = |kind| feeding.marks().new_mark(kind);
    let profile = Uuid::now_v7().to_string();
    let token = mark(Kind::CardToken);
    let opened = app.opened_with(&profile, &mark(Kind::Name), "500.00", token).await;
    for (purchase, card, amount) in [
        ("a", opened.token.clone(), "120.00"),
        ("b", opened.token.clone(), "400.00"),
        ("c", mark(Kind::CardToken), "1.00"),
    ] {
        let merchant = json!({"name": mark(Kind::Text), "category": 5411});
        let asked =
            json!({"id": purchase, "card": card, "amount": kroner(amount), "merchant": merchant});
        app.network("authorisations", &asked).await;
        let told = json!({
            "id": format!("{purchase}-1"), "card": card, "kind": "capture", "authorisationId": purchase,
            "amount": kroner(amount), "merchant": merchant, "note": mark(Kind::Text),
        });
        app.network("events", &told).await;
    }
    let broken =
        json!({"id": mark(Kind::Secret), "card": mark(Kind::CardNumber), "kind": mark(Kind::Word)});
    for path in ["authorisations", "events"] {
        app.network(path, &broken).await;
        app.signed(path, &broken, 0, mark(Kind::Secret).as_bytes()).await;
    }
    feeding.everything(&app).await
}
