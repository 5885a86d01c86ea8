//! What customers and the mainframe say, to see that nothing of it is in any telemetry.

use crate::support::{TestApp, active, id};
use app_tests::feeding::{Fed, Feeding};
use app_tests::{Kind, Setup, this_app};
use mainframe::Faults;
use serde_json::json;

pub(crate) async fn feed(feeding: Feeding) -> Fed {
    let app = TestApp::of(feeding.listening(Setup::of(this_app!()))).await;
    let mark = |kind| feeding.marks().new_mark(kind);
    let mut profile = active(1, 1);
    profile["givenName"] = json!(mark(Kind::Name));
    profile["account"]["emailAddress"] = json!(mark(Kind::Email));
    profile["address"]["street"] = json!(mark(Kind::Street));
    let mainframe = app.mainframe(Faults::default()).await;
    app.upsert(&profile).await;
    app.record(&mainframe, &id(1), |record| record["revision"] == 1).await;
    let answer = json!({
        "specversion": "1.0", "id": "marked", "source": "/mainframe", "type": "com.iommi.mainframe.answered.v1",
        "subject": id(1), "time": "2026-03-01T08:00:00Z", "datacontenttype": "application/json",
        "data": {"profileId": id(1), "revision": 1, "outcome": "rejected", "code": mark(Kind::Word),
            "reason": mark(Kind::Text), "appliedRevision": null, "at": "2026-03-01T08:00:00Z"},
    });
    app.queue("legacy-inbox").send_json(&answer).await;
    feeding.everything(&app).await
}
