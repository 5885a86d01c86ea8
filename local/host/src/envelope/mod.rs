//! What the host sends to a handler: `POST /<FunctionName>` with `{"Data":{…},"Metadata":{…}}`.
//!
//! Pure functions, one module per trigger: they take what the trigger holds and give an [`Envelope`], whose
//! [`Envelope::body`] is the request body, byte for byte as the real host writes it (members in its order, Json.NET's
//! escaping). Clock and ids come in from outside. Source: `ScriptInvocationContextExtensions.cs` of the Azure Functions
//! host.

mod binding_data;
pub mod blob;
pub mod cosmos_db;
pub mod event_grid;
pub mod event_hubs;
mod host_value;
pub mod http_request;
pub(crate) mod json_net;
pub mod kafka;
mod moment;
pub mod queue;
mod retry_context;
pub mod timer;

pub use binding_data::BindingData;
pub use host_value::HostValue;
pub use http_request::http_request;
pub use retry_context::RetryContext;

use bytes::Bytes;
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// What a trigger hands to a function, before the parts that change with every attempt are added.
#[derive(Clone, Debug, PartialEq)]
pub struct Envelope {
    data: Vec<(String, HostValue)>,
    binding_data: BindingData,
}

/// The parts of a request body that are new for every attempt.
#[derive(Clone, Debug)]
pub struct Stamp<'a> {
    /// The function's name.
    pub function: &'a str,
    /// The moment of the attempt.
    pub utc_now: Timestamp,
    /// `sys.RandGuid`.
    pub random: Uuid,
}

impl Envelope {
    /// An envelope whose trigger value is `value` under the binding's `name`.
    pub fn new(name: &str, value: HostValue, binding_data: BindingData) -> Self {
        Self { data: vec![(name.to_owned(), value)], binding_data }
    }

    /// Adds the value of a further `in` binding.
    pub fn with_input(mut self, name: &str, value: HostValue) -> Self {
        self.data.push((name.to_owned(), value));
        self
    }

    /// What `{token}`s in the paths of other bindings resolve from.
    pub fn binding_data(&self) -> &BindingData {
        &self.binding_data
    }

    /// The request body of one attempt. `retry` is there from the first attempt on when the function has a retry
    /// policy, and never without one.
    pub fn body(&self, stamp: &Stamp<'_>, retry: Option<&RetryContext>) -> Bytes {
        let data: Map<String, Value> =
            self.data.iter().map(|(name, value)| (name.clone(), value.encode())).collect();
        let system = json!({
            "MethodName": stamp.function,
            "UtcNow": moment::utc_ticks(stamp.utc_now),
            "RandGuid": stamp.random.to_string(),
        });
        let metadata = self.binding_data.encode(system, retry.map(RetryContext::to_json));
        json_net::compact(&json!({ "Data": data, "Metadata": metadata })).into()
    }
}
