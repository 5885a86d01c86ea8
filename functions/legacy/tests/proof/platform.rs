//! What runs: this app and the profiles that it sends, beside the mainframe.

use app_tests::proof::{Layout, Parts};
use app_tests::this_app;

pub(crate) const MAINFRAME: &str = "mainframe";
/// How long a message that the mainframe was killed with stays hidden, in seconds.
const MAINFRAME_VISIBILITY_S: u32 = 2;
/// How long an answer may take before a message is sent again, in seconds.
const PATIENCE_S: &str = "1";
/// The queues of the apps that are not here.
const FOREIGN_QUEUES: [&str; 6] = [
    "photo-erasures",
    "accounts-erasures",
    "sales-erasures",
    "events-erasures",
    "photo-decisions",
    "photo-decisions-poison",
];

pub(crate) fn parts() -> Parts {
    let parts = Parts::of(this_app!())
        .neighbour("profiles")
        .setting("LEGACY_UNANSWERED_AFTER_S", PATIENCE_S)
        .setting("LEGACY_BUSY_AFTER_S", PATIENCE_S)
        .setting("LOG_LEVEL", "warn")
        .simulator(MAINFRAME, |layout| mainframe::start(mainframe(layout)));
    FOREIGN_QUEUES.iter().fold(parts, |parts, queue| parts.foreign_queue(queue))
}

fn mainframe(layout: &Layout) -> mainframe::Options {
    let options = mainframe::Options::ephemeral(layout.queue_service(), layout.blob_service());
    mainframe::Options {
        port: layout.port(MAINFRAME),
        data: Some(layout.folder(MAINFRAME)),
        pace: mainframe::Pace {
            visibility_seconds: MAINFRAME_VISIBILITY_S,
            ..mainframe::Pace::unlimited()
        },
        seed: layout.seed(),
        ..options
    }
}
