//! What a simulator is told to do wrong, and when.

mod draw;
pub mod form;
pub mod line;
mod network;

use serde::{Serialize, de::DeserializeOwned};

pub use draw::Switches;
pub use form::{Field, Fieldset};
pub use network::{Down, Network, NetworkFaults, Throttle};

/// What can go wrong with a simulator: plain data with a default in which all is well, as JSON in settings and at
/// `/faults`, and as a form on the page. [`faults!`](macro@crate::faults) makes the type.
pub trait Faults:
    NetworkFaults
    + Clone
    + std::fmt::Debug
    + Default
    + PartialEq
    + Serialize
    + DeserializeOwned
    + Send
    + Sync
    + 'static
{
    /// The fields of the page's form for the simulator's own faults.
    fn fieldsets() -> Vec<Fieldset>;

    /// Whether the simulator's own values are in range; an error says which is not.
    fn check_own(&self) -> Result<(), String> {
        Ok(())
    }

    /// Whether all values are in range; an error says which is not.
    fn check(&self) -> Result<(), String> {
        self.network().map_or(Ok(()), |network| network.check())?;
        self.check_own()
    }

    /// Whether nothing is switched on.
    fn are_off(&self) -> bool {
        self.clone().for_every_request() == Self::default()
    }

    /// Every field of the page's form.
    fn all_fieldsets() -> Vec<Fieldset> {
        let mut all = Self::fieldsets();
        if Self::default().network().is_some() {
            all.insert(0, network::what());
            all.push(network::which());
        }
        all
    }

    /// Reads JSON.
    fn from_json(json: &[u8]) -> Result<Self, FaultsError> {
        let mut text = serde_json::Deserializer::from_slice(json);
        let faults: Self = serde_path_to_error::deserialize(&mut text).map_err(FaultsError::new)?;
        text.end().map_err(FaultsError::new)?;
        faults.check().map_err(FaultsError::new)?;
        Ok(faults)
    }

    /// Reads a setting: JSON, or one line such as `down=closed,times=3`.
    fn read(text: &str) -> Result<Self, FaultsError> {
        if text.trim_start().starts_with('{') {
            return Self::from_json(text.as_bytes());
        }
        let faults: Self = line::read(text).map_err(FaultsError::new)?;
        faults.check().map_err(FaultsError::new)?;
        Ok(faults)
    }
}

/// Why faults were not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("reading the faults: {0}")]
pub struct FaultsError(String);

impl FaultsError {
    /// With this reason.
    pub fn new(why: impl std::fmt::Display) -> Self {
        Self(why.to_string())
    }
}

/// Makes the type of a simulator's faults: its own members, and beside them those of [`Network`]. In JSON they are all
/// members of one object; what is left out is off, and what is unknown is refused.
#[macro_export]
macro_rules! faults {
    (
        $(#[$about:meta])*
        $visibility:vis struct $name:ident {
            $( $(#[$what:meta])* $member_visibility:vis $member:ident : $kind:ty ),* $(,)?
        }
    ) => {
        $(#[$about])*
        #[derive(Clone, Debug, PartialEq, $crate::serde::Serialize, $crate::serde::Deserialize)]
        #[serde(
            crate = "simulator_shell::serde",
            rename_all = "camelCase",
            default,
            deny_unknown_fields
        )]
        $visibility struct $name {
            /// How likely a request is struck, from 0 to 1.
            pub probability: f64,
            /// The seed of the draws, so that a run can be repeated.
            pub seed: u64,
            /// How many requests are struck before all is well again; `None` is without end.
            pub times: Option<u32>,
            /// Slow: every answer to a struck request comes this much later, in milliseconds, up to ten minutes.
            pub delay_ms: u64,
            /// Down: no useful answer at all.
            pub down: Option<$crate::Down>,
            /// Throttled: 429 with `Retry-After`.
            pub throttle: Option<$crate::Throttle>,
            $( $(#[$what])* $member_visibility $member: $kind ),*
        }

        impl Default for $name {
            fn default() -> Self {
                Self {
                    probability: 1.0,
                    seed: 0,
                    times: None,
                    delay_ms: 0,
                    down: None,
                    throttle: None,
                    $( $member: Default::default() ),*
                }
            }
        }

        impl $crate::NetworkFaults for $name {
            fn network(&self) -> Option<$crate::Network> {
                Some($crate::Network {
                    probability: self.probability,
                    seed: self.seed,
                    times: self.times,
                    delay_ms: self.delay_ms,
                    down: self.down,
                    throttle: self.throttle,
                })
            }

            fn set_times(&mut self, times: Option<u32>) {
                self.times = times;
            }

            fn for_every_request(self) -> Self {
                Self { probability: 1.0, seed: 0, times: None, ..self }
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::FaultsError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                <Self as $crate::Faults>::read(text)
            }
        }
    };
}
