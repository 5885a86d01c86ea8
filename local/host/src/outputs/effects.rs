//! From a handler's result to everything that is written and answered.

use function_json::{FunctionJson, Output, OutputBinding};
use serde_json::Value;

use super::value::{Values, is_named_http};
use super::{
    HandlerResult, HttpReply, OutputError, OutputValue, blob, collector, dates, documents,
    http_response,
};

/// What one successful reply causes.
#[derive(Clone, Debug, PartialEq)]
pub struct Effects {
    /// One entry per output with a value. As in Azure, those that can be written are written even though the
    /// invocation fails because of another.
    pub writes: Vec<Result<Write, OutputError>>,
    /// The answer to the client, for functions with an `http` output.
    pub http: Option<Result<HttpReply, OutputError>>,
    /// What Azure would do differently, for the log.
    pub warnings: Vec<String>,
}

/// One thing to write. Names and paths still hold their `{token}`s.
#[derive(Clone, Debug, PartialEq)]
pub enum Write {
    /// Messages for a queue, which is created when it is missing.
    Queue {
        /// The output binding.
        binding: String,
        /// Its connection.
        connection: String,
        /// The queue.
        queue_name: String,
        /// The messages in order, before the wire encoding.
        messages: Vec<Vec<u8>>,
    },
    /// Events for an event hub, which must exist.
    EventHub {
        /// The output binding.
        binding: String,
        /// Its connection.
        connection: String,
        /// The hub.
        hub: String,
        /// The events in order.
        events: Vec<Vec<u8>>,
    },
    /// Documents for a container, each upserted on its own.
    CosmosDb {
        /// The output binding.
        binding: String,
        /// Its connection.
        connection: String,
        /// The database.
        database: String,
        /// The container.
        container: String,
        /// Path of the partition key when the container is created; `None` = it must exist.
        create_with: Option<String>,
        /// The documents in order.
        documents: Vec<Value>,
    },
    /// The content of a blob, which is overwritten; its container is created when it is missing.
    Blob {
        /// The output binding.
        binding: String,
        /// Its connection.
        connection: String,
        /// `container/name`.
        path: String,
        /// The content.
        content: Vec<u8>,
    },
}

/// Applies the output bindings of a function to a handler's result.
pub fn effects(function: &FunctionJson, result: &HandlerResult) -> Effects {
    let values = Values::new(result, &function.outputs);
    let mut effects = Effects {
        writes: Vec::new(),
        http: None,
        warnings: dates::warnings(result, &function.outputs),
    };
    for binding in &function.outputs {
        if is_named_http(binding) {
            effects.http = Some(http_response::named(&binding.name, values.response(binding)));
        } else if binding.kind == Output::Http {
            effects.http = Some(http_response::returned(values.of(binding).as_ref()));
        } else if let Some(value) = values.of(binding) {
            effects.writes.extend(write(binding, &value).transpose());
        }
    }
    effects
}

fn write(binding: &OutputBinding, value: &OutputValue) -> Result<Option<Write>, OutputError> {
    let name = &binding.name;
    let not_supported =
        |kind: &str| OutputError::NotSupported { binding: name.clone(), kind: kind.to_owned() };
    Ok(match &binding.kind {
        Output::Queue { queue_name, connection } => Some(Write::Queue {
            binding: name.clone(),
            connection: connection.clone(),
            queue_name: queue_name.clone(),
            messages: collector::messages(name, value)?,
        }),
        Output::CosmosDb {
            connection,
            database_name,
            container_name,
            create_if_not_exists,
            partition_key,
            ..
        } => Some(Write::CosmosDb {
            binding: name.clone(),
            connection: connection.clone(),
            database: database_name.clone(),
            container: container_name.clone(),
            create_with: create_if_not_exists
                .then(|| partition_key.clone().unwrap_or("/id".to_owned())),
            documents: documents::documents(name, value)?,
        }),
        Output::Blob { path, connection } => {
            blob::content(name, value)?.map(|content| Write::Blob {
                binding: name.clone(),
                connection: connection.clone(),
                path: path.clone(),
                content,
            })
        }
        Output::EventHub { event_hub_name, connection } => Some(Write::EventHub {
            binding: name.clone(),
            connection: connection.clone(),
            hub: event_hub_name.clone(),
            events: collector::messages(name, value)?,
        }),
        Output::EventGrid { .. } => return Err(not_supported("eventGrid")),
        Output::Other(kind) => return Err(not_supported(kind)),
        Output::Http => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn function(outputs: Value) -> FunctionJson {
        let mut bindings = vec![
            json!({"type": "queueTrigger", "direction": "in", "name": "msg", "queueName": "in"}),
        ];
        bindings.extend(outputs.as_array().unwrap().iter().cloned());
        FunctionJson::parse(&json!({ "bindings": bindings }).to_string()).unwrap()
    }

    fn result(outputs: Value) -> HandlerResult {
        HandlerResult { outputs: outputs.as_object().unwrap().clone(), ..HandlerResult::default() }
    }

    #[test]
    fn each_output_is_converted_by_its_type_and_one_failure_leaves_the_others() {
        let function = function(json!([
            {"type": "queue", "direction": "out", "name": "q", "queueName": "Out"},
            {"type": "cosmosDB", "direction": "out", "name": "d", "databaseName": "db", "containerName": "c"},
            {"type": "blob", "direction": "out", "name": "b", "path": "out/{name}"},
            {"type": "eventHub", "direction": "out", "name": "e", "eventHubName": "account", "connection": "C"},
        ]));
        let done = effects(
            &function,
            &result(
                json!({"q": "aGk=", "d": "aGk=", "b": "aGk=", "e": ["one", "two"], "unknown": 1}),
            ),
        );
        let queue = Write::Queue {
            binding: "q".into(),
            connection: "AzureWebJobsStorage".into(),
            queue_name: "out".into(),
            messages: vec![b"hi".to_vec()],
        };
        let hub = Write::EventHub {
            binding: "e".into(),
            connection: "C".into(),
            hub: "account".into(),
            events: vec![b"one".to_vec(), b"two".to_vec()],
        };
        let blob = Write::Blob {
            binding: "b".into(),
            connection: "AzureWebJobsStorage".into(),
            path: "out/{name}".into(),
            content: b"hi".to_vec(),
        };
        assert_eq!(done.writes.len(), 4);
        assert_eq!(done.writes[0], Ok(queue));
        assert!(matches!(done.writes[1], Err(OutputError::NotADocument { .. })));
        assert_eq!(done.writes[2], Ok(blob));
        assert_eq!(done.writes[3], Ok(hub));
        assert_eq!(done.http, None);
    }

    #[test]
    fn nothing_is_written_for_null_and_for_what_is_absent() {
        let function = function(json!([
            {"type": "queue", "direction": "out", "name": "q", "queueName": "out"},
            {"type": "blob", "direction": "out", "name": "b", "path": "out/x"},
        ]));
        assert_eq!(effects(&function, &result(json!({"q": null}))).writes, []);
    }

    #[test]
    fn outputs_this_host_cannot_write_fail_loudly() {
        let function = function(json!([
            {"type": "eventGrid", "direction": "out", "name": "e", "connection": "C"},
        ]));
        assert_eq!(effects(&function, &result(json!({}))).writes, []);
        let failed = effects(&function, &result(json!({"e": "x"}))).writes;
        assert_eq!(
            failed,
            [Err(OutputError::NotSupported { binding: "e".into(), kind: "eventGrid".into() })]
        );
    }
}
