//! The client against the simulator, through every fault.

mod faults;
mod patience;
mod verdicts;

use super::{ContentSafety, Failure, analysis::Analysis};
use content_safety::{Faults, Options, Simulator};
use custom_handler::{Settings, TraceContext};
use image::{ImageFormat, Rgb, RgbImage};
use outgoing::Limits;
use std::{io::Cursor, time::Duration};

const SKIN: [u8; 3] = [224, 172, 105];
const GREEN: [u8; 3] = [20, 120, 40];

/// As in production, but in a hurry: no test waits for what it does not test.
const HASTY: Limits = Limits {
    try_deadline: Duration::from_secs(5),
    first_pause: Duration::from_millis(2),
    longest_pause: Duration::from_millis(8),
    max_answer_bytes: 64 << 10,
    ..Limits::DEFAULT
};

/// The client and the service that it asks.
struct Rig {
    simulator: Simulator,
    client: ContentSafety,
}

impl Rig {
    async fn start() -> Self {
        Self::with(HASTY, Options::ephemeral(), &[]).await
    }

    async fn with(limits: Limits, options: Options, settings: &[(&str, &str)]) -> Self {
        let simulator = content_safety::start(options).await.unwrap();
        let client = client(&simulator.url(), limits, settings);
        Self { simulator, client }
    }

    fn break_it(&self, faults: Faults) {
        self.simulator.set_faults(faults).unwrap();
    }

    async fn analyze(&self) -> Result<Analysis, Failure> {
        self.client.analyze(picture(SKIN), &TraceContext::fresh()).await
    }

    /// Fails unless the service is unavailable, for a reason with `excerpt` in it.
    #[track_caller]
    fn expect_unavailable(got: &Result<Analysis, Failure>, excerpt: &str) -> Option<Duration> {
        match got {
            Err(Failure::Unavailable { reason, retry_after }) if reason.contains(excerpt) => {
                *retry_after
            }
            other => panic!("expected unavailable, {excerpt}: {other:?}"),
        }
    }
}

fn client(url: &str, limits: Limits, settings: &[(&str, &str)]) -> ContentSafety {
    let all = [("CONTENT_SAFETY_ENDPOINT", url), ("CONTENT_SAFETY_API_VERSION", "2024-09-01")];
    let settings = Settings::from_map(all.into_iter().chain(settings.iter().copied()));
    ContentSafety::with_limits(&settings, limits).unwrap()
}

/// A picture of one colour, 64 pixels a side.
fn picture(colour: [u8; 3]) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    RgbImage::from_pixel(64, 64, Rgb(colour)).write_to(&mut file, ImageFormat::Png).unwrap();
    file.into_inner()
}
