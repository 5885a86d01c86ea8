//! The platform as processes of their own that are killed with SIGKILL at random instants, so that the proof of an app is
//! its story: what is done meanwhile, and what must hold in the end.
//!
//! The test program plays each part itself, re-executed; handlers are the apps' real binaries, started by the local host.
//!
//! ```ignore
//! //! functions/sample/tests/proof/main.rs
//! app_tests::proof!(parts);
//!
//! fn parts() -> Parts {
//!     Parts::of(this_app!())
//!         .neighbour("profiles")
//!         .simulator("weather", |layout| weather::start(weather::Options {
//!             port: layout.port("weather"),
//!             data: Some(layout.folder("weather")),
//!             ..weather::Options::ephemeral()
//!         }))
//!         .setting_from("WEATHER_URL", |layout| layout.url("weather"))
//! }
//!
//! const ODDS: Odds = Odds {
//!     victims: &[("sample", 40), (HOST, 20), (DATA, 20), ("weather", 20)],
//!     at_once: &[(1, 8), (2, 2)],
//!     faults: &["cosmos=fail:chance:0.1", "messages=duplicate:10"],
//!     spoiled: 0.4,
//!     mended: 0.2,
//! };
//!
//! #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
//! async fn whatever_is_killed_nothing_is_lost() {
//!     let (seed, kills) = (app_tests::seed(), proof::size("IOMMI_PROOF_KILLS", 24));
//!     let mut platform = Platform::start(parts(), seed).await;
//!     let addresses = platform.addresses().clone();
//!     let orders = Background::start(|stopping| order(addresses.clone(), stopping));
//!     let mut chaos = Chaos::new(ODDS, seed);
//!     while chaos.kills() < kills {
//!         chaos.step(&mut platform).await;
//!         assert!(orders.is_well(), "see the panic above; {}", platform.kept());
//!     }
//!     chaos.end(&platform).await;
//!     let ordered = orders.finish().await;
//!     platform.settles(async |_| differences(&addresses, &ordered).await).await;
//!     Markers::of(NAMES).are_in_none(platform.everything().await);
//!     platform.forget();
//! }
//! ```

mod acting;
mod addresses;
mod background;
mod chaos;
mod crowd;
mod files;
mod layout;
mod markers;
mod parts;
mod platform;
mod process;
mod sending;
mod settling;
mod sizes;
mod stores;

pub use acting::act;
pub use addresses::{Addresses, Answer};
pub use background::{Background, Stopping};
pub use chaos::{Chaos, Odds, SERVICE_FAULTS};
pub use crowd::{Crowd, Stories};
pub use files::Kept;
pub use layout::{DATA, HOST, Layout};
pub use markers::Markers;
pub use parts::Parts;
pub use platform::{DEADLINE, LOOK_EVERY, Platform};
pub use sizes::size;

/// Lets the test program play the parts of the platform that this function puts together. Said once, in the root of the
/// program.
#[macro_export]
macro_rules! proof {
    ($parts:path) => {
        /// No test but a part of the platform, when the proof starts one.
        #[test]
        fn acts_as_a_part_of_the_platform() {
            $crate::proof::act($parts);
        }
    };
}
