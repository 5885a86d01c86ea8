//! What people upload and moderators write, to see that nothing of it is in any telemetry.

use crate::support::{MONA, Scene, TestApp, with_exif};
use app_tests::Kind;
use app_tests::feeding::{Fed, Feeding};
use serde_json::json;

pub(crate) async fn feed(feeding: Feeding) -> Fed {
    let app = TestApp::with(|setup| feeding.listening(setup)).await;
    let mark = |kind| feeding.marks().new_mark(kind);
    let picture = with_exif(&Scene::harmless(1).jpeg(), &mark(Kind::Street));
    app.uploaded_until(picture, "approved").await;
    let broken = [&Scene::harmless(2).jpeg()[..40], mark(Kind::Text).as_bytes()].concat();
    app.uploaded_until(broken, "rejected").await;
    let in_review = app.in_review(3).await;
    let decision = json!({"verdict": "reject", "reason": "nudity", "note": mark(Kind::Text)});
    app.take_and_decide(MONA, &in_review, &decision).await;
    app.in_review(4).await;
    feeding.everything(&app).await
}
