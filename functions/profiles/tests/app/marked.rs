//! What customers say, to see that nothing of it is in any telemetry.

use crate::support::TestApp;
use app_tests::feeding::{Fed, Feeding};
use app_tests::{Setup, this_app};

pub(crate) async fn feed(feeding: Feeding) -> Fed {
    let app = TestApp::on(feeding.listening(Setup::of(this_app!()))).await;
    feeding.everything(&app).await
}
