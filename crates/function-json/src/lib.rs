//! `function.json` and ASP.NET Core route templates, as the Azure Functions host reads them.
//!
//! A function is a folder with a `function.json`: one trigger, any number of further bindings and,
//! perhaps, a retry policy. Everything that needs to know what the host will do with a function
//! reads that file through this crate: the handler that answers, a local host that calls it, a
//! package or deployment check.
//!
//! ```
//! use function_json::{FunctionJson, FunctionName, Trigger};
//!
//! let name = FunctionName::parse("profile")?;
//! let function = FunctionJson::parse_named(&name, r#"{
//!   "bindings": [
//!     { "type": "httpTrigger", "direction": "in", "name": "request", "authLevel": "anonymous",
//!       "methods": ["get", "delete"], "route": "v1/profiles/{profileId:guid}" },
//!     { "type": "http", "direction": "out", "name": "response" }
//!   ]
//! }"#)?;
//! assert!(function.is_http_in_out());
//! let Trigger::Http(http) = &function.trigger else { unreachable!() };
//! let found = http.route.matches("/V1/profiles/0192f0c1-2a6b-7cc0-8f33-3c9e1fdb2a10").unwrap();
//! assert_eq!(found.get("profileid"), Some("0192f0c1-2a6b-7cc0-8f33-3c9e1fdb2a10"));
//! assert!(http.route.matches("/v1/profiles/me").is_none());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Sources: `HostFunctionMetadataProvider.cs`, `FunctionDescriptorProvider.cs` and `Utility.cs` of
//! the Azure Functions host; the attributes of its binding extensions for keys and defaults; the
//! routing pages of the ASP.NET Core documentation for templates. Settings in percent signs
//! (`%NAME%`) are left as they are by the parser; whoever knows the application settings puts them
//! in before ([`with_settings`]), as the host does.

mod app_settings;
mod bindings;
mod error;
mod fields;
mod function;
mod kafka;
mod name;
mod retry;
mod route;
mod time_span;
mod triggers;

pub use app_settings::{MissingSetting, expand_all, expand_settings, settings_in, with_settings};
pub use bindings::{Cardinality, DataType, Input, InputBinding, Output, OutputBinding};
pub use error::FunctionJsonError;
pub use function::FunctionJson;
pub use kafka::{AuthenticationMode, BrokerProtocol, KafkaTrigger, KeyDataType};
pub use name::{FunctionName, InvalidFunctionName};
pub use retry::RetryPolicy;
pub use route::{
    Constraint, Part, Precedence, RouteParameter, RouteParams, RouteTemplate, RouteTemplateError,
    Segment,
};
pub use time_span::{TimeSpanError, parse_time_span};
pub use triggers::{
    AuthLevel, BlobSource, BlobTrigger, CosmosDbTrigger, EventGridTrigger, EventHubTrigger,
    HttpTrigger, QueueTrigger, TimerTrigger, Trigger,
};
