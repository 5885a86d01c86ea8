//! Feeds an app with marked data, and fails if a mark comes out in telemetry: through every method of every route, right and
//! wrong, through every message, document and event that it takes, and all of it again while what it depends on fails.
//!
//! Each app has this test by [`contract!`](crate::contract!), from its contract, its schemas and what its binary says of
//! itself. An app that needs something beside it, or that has something to say to a neighbour, says so:
//!
//! ```ignore
//! app_tests::contract!(fed: crate::marked::feed);
//!
//! pub(crate) async fn feed(feeding: Feeding) -> Fed {
//!     let oven = oven::start().await;
//!     let setup = feeding.listening(Setup::of(this_app!())).setting("OVEN_URL", oven.url());
//!     let app = setup.start().await;
//!     let name = feeding.marks().new_mark(Kind::Name);
//!     app.post("/cakes/v1/cakes", &json!({ "name": name })).await.expect(201);
//!     feeding.everything(&app).await
//! }
//! ```

mod drafts;
mod feeder;
mod identities;
mod known;
mod marking;
mod messages;
mod operations;
mod pages;
mod requests;
mod verdict;

use std::sync::mpsc::Sender;

use crate::marked::{Heard, Marks};
use crate::{App, Platform, Setup};
use feeder::Feeder;
use verdict::Verdict;

/// How an app under test tells of itself: soon, of everything, and as much as in production.
const TELEMETRY: [(&str, &str); 3] = [
    ("OTEL_METRIC_EXPORT_INTERVAL", "500"),
    ("OTEL_TRACES_SAMPLER_ARG", "1"),
    ("LOG_LEVEL", "info"),
];

/// An app that is to be fed.
#[derive(Debug)]
pub struct Feeding {
    marks: Marks,
    heard: Heard,
    lines: Sender<String>,
}

/// An app was fed with everything, and nothing came out.
#[derive(Debug)]
pub struct Fed(());

impl Feeding {
    async fn begin() -> Self {
        let (heard, lines) = Heard::start().await;
        Self { marks: Marks::new(crate::seed()), heard, lines }
    }

    /// What is put into settings, requests and messages, and may come out nowhere.
    #[must_use]
    pub fn marks(&self) -> &Marks {
        &self.marks
    }

    /// Whatever is set up so is listened to.
    #[must_use]
    pub fn listening(&self, setup: Setup) -> Setup {
        let lines = self.lines.clone();
        setup
            .settings(&TELEMETRY)
            .setting("OTEL_EXPORTER_OTLP_ENDPOINT", self.heard.url())
            .options(|options| options.log_reader = Some(lines))
    }

    /// Says everything to the app that can be said to it, and fails if anything of that, or of what was said to it
    /// before, is in any telemetry, or if a function told nothing at all.
    pub async fn everything(mut self, platform: &Platform) -> Fed {
        let (marks, description) = (&self.marks, &platform.app().description());
        Feeder { platform, marks, description }.with_everything().await;
        Verdict { platform, marks, description, heard: &mut self.heard }.hold().await;
        Fed(())
    }
}

/// Feeds an app that needs nothing beside it.
pub async fn alone(app: App, feeding: Feeding) -> Fed {
    let platform = feeding.listening(Setup::of(app)).start().await;
    feeding.everything(&platform).await
}

/// Has an app fed.
pub fn feed(feed: impl AsyncFnOnce(Feeding) -> Fed) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        feed(Feeding::begin().await).await;
    });
}
