//! The local Azure Functions host and gateway.
//!
//! It runs function apps built as custom handlers the way the real host does: handlers are processes, HTTP is proxied
//! or enveloped to them, and the crash, restart and timeout rules are those of Azure. Beside them it starts the local
//! Cosmos DB, Blob and Queue services (`local-data`) and simulators of other systems. The `iommi` command is a thin shell around [`start`]; tests
//! start the same host in-process on free ports.
//!
//! ```no_run
//! use local_host::{AppSource, Executable, Options, start};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let host = start(Options {
//!     apps: vec![AppSource::of_workspace(".", "profiles", Executable::Built("target/debug/profiles".into()))],
//!     ..Options::for_tests()
//! })
//! .await?;
//! println!("{}/v1/health/ready", host.url());
//! host.stop().await;
//! # Ok(())
//! # }
//! ```

mod app;
mod app_json;
mod banner;
mod building;
mod data_services;
pub mod discovery;
mod endpoints;
pub mod envelope;
mod exchanges;
mod fault_spec;
mod faults;
mod following;
mod gateway;
mod handler;
mod host;
mod host_json;
mod host_storage;
mod http;
mod identities;
pub mod invocation;
mod invoker;
mod journal;
mod keys;
mod lifecycle;
mod loading;
mod local_endpoints;
mod log;
mod mock;
mod named_traces;
mod options;
pub mod outputs;
mod page;
mod platform;
mod query;
mod reminder;
mod remote_host;
mod resources;
mod settings;
mod simulators;
mod sources;
mod start;
mod telemetry;
mod throttle;
mod time_travel;
mod trace_ids;
pub mod triggers;

pub use app::{App, BrokenFunction, Function, Mode};
pub use app_json::{
    AppJson, AppJsonError, AzureValue, BlobContainer, Capture, ConsumerGroup, CosmosContainer,
    EventHub, Owned, People, Setting, SharedName, Uses,
};
pub use building::{BuildError, cargo};
pub use data_services::{DataServicesError, ExternalServices};
pub use discovery::DiscoveryError;
pub use fault_spec::{FaultSpec, FaultSpecError};
pub use faults::{ActiveFault, FaultSwitches};
pub use host::Host;
pub use host_json::{FUNCTION_TIMEOUT, HostJson, HostJsonError, INITIALIZATION_TIMEOUT};
pub use host_storage::HostStorageError;
pub use identities::IdentitiesError;
pub use journal::{InvocationRecord, Outcome};
pub use lifecycle::Lifecycle;
pub use log::{Log, LogFormat};
pub use mock::{Alone, AloneError};
pub use options::{HTTP_PORT, IDLE_TIMEOUT, OTLP_PORT, Options};
pub use remote_host::{RemoteHost, RemoteHostError};
pub use resources::ResourcesError;
pub use settings::{Settings, SettingsError};
pub use simulators::{AddressError, SimulatorSource, workspace_simulators};
pub use sources::{AppSource, Executable};
pub use start::{StartError, start};
pub use time_travel::{CLOCK_FILE, Journey, TimeTravel, TravelError};
