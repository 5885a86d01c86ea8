//! Input bindings besides the trigger: read before each attempt, and handed over by the value-encoding rule.

use function_json::{DataType, Input, InputBinding};
use serde_json::{Value, json};

use super::{ConnectionError, Runner, Target, wire::WireError};
use crate::{
    envelope::{BindingData, Envelope, HostValue},
    outputs::{UnknownToken, resolve},
};

/// Why an input could not be read; the handler is not called.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("reading input `{binding}`: {cause}")]
pub(super) struct InputError {
    binding: String,
    cause: Cause,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
enum Cause {
    #[error(transparent)]
    Connection(#[from] ConnectionError),
    #[error(transparent)]
    Service(#[from] WireError),
    #[error(transparent)]
    Token(#[from] UnknownToken),
    #[error("its path {0:?} is not `container/name`")]
    Path(String),
    #[error("it has neither `id` nor `sqlQuery`; give one of them")]
    NoDocument,
    #[error("the local host does not read `{0}` inputs; it reads blob and cosmosDB")]
    NotSupported(String),
}

/// The envelope with the values of the function's other inputs.
pub(super) async fn bind(
    runner: &Runner,
    target: &Target,
    envelope: &Envelope,
) -> Result<Envelope, InputError> {
    let mut bound = envelope.clone();
    for input in &target.json.inputs {
        let value = Reader { runner, function: &target.name, data: envelope.binding_data() }
            .read(input)
            .await;
        let value = value.map_err(|cause| InputError { binding: input.name.clone(), cause })?;
        bound = bound.with_input(&input.name, value);
    }
    Ok(bound)
}

struct Reader<'a> {
    runner: &'a Runner,
    function: &'a str,
    data: &'a BindingData,
}

impl Reader<'_> {
    async fn read(&self, input: &InputBinding) -> Result<HostValue, Cause> {
        match &input.kind {
            Input::Blob { path, connection } => self.blob(path, connection, input.data_type).await,
            Input::CosmosDb {
                connection,
                database_name,
                container_name,
                id,
                partition_key,
                sql_query,
            } => {
                let account = self.runner.connections.cosmos_db(connection)?;
                let container = account
                    .container(&self.resolve(database_name)?, &self.resolve(container_name)?);
                let partition = partition_key.as_ref().map(|key| self.resolve(key)).transpose()?;
                let partition = partition.map(|key| json!([key]).to_string());
                match (id, sql_query) {
                    (Some(id), _) => {
                        let id = self.resolve(id)?;
                        let partition = partition.unwrap_or_else(|| json!([id]).to_string());
                        let found = container.read(&partition, &id).await?;
                        Ok(HostValue::Json(found.unwrap_or(Value::Null)))
                    }
                    (None, Some(query)) => {
                        let (query, parameters) = self.query(query)?;
                        let parameters: Vec<_> = parameters
                            .iter()
                            .map(|(name, value)| (name.as_str(), value.clone()))
                            .collect();
                        let found =
                            container.query(&query, &parameters, partition.as_deref()).await?;
                        Ok(HostValue::Json(Value::Array(found)))
                    }
                    (None, None) => Err(Cause::NoDocument),
                }
            }
            Input::Other(kind) => Err(Cause::NotSupported(kind.clone())),
        }
    }

    async fn blob(
        &self,
        path: &str,
        connection: &str,
        data_type: Option<DataType>,
    ) -> Result<HostValue, Cause> {
        let path = self.resolve(path)?;
        let (container, name) = path.split_once('/').ok_or_else(|| Cause::Path(path.clone()))?;
        let found = self.runner.connections.blobs(connection)?.read(container, name).await?;
        Ok(match (found, data_type) {
            (None, _) => HostValue::Json(Value::Null),
            (Some(blob), Some(DataType::Binary)) => HostValue::Bytes(blob.content.to_vec()),
            (Some(blob), _) => HostValue::Text(String::from_utf8_lossy(&blob.content).into_owned()),
        })
    }

    fn resolve(&self, text: &str) -> Result<String, UnknownToken> {
        resolve(text, self.function, self.data, self.runner.faults.now())
    }

    /// Tokens in a query become parameters, so that no value is read as SQL.
    fn query(&self, query: &str) -> Result<(String, Vec<(String, Value)>), UnknownToken> {
        let mut text = String::new();
        let mut parameters: Vec<(String, Value)> = Vec::new();
        let mut rest = query;
        while let Some((before, after)) = rest.split_once('{') {
            let Some((token, behind)) = after.split_once('}') else { break };
            let value = self.resolve(&format!("{{{token}}}"))?;
            let name = format!("@{}", token.replace(['.', '-'], "_"));
            text += before;
            text += &name;
            if !parameters.iter().any(|(existing, _)| *existing == name) {
                parameters.push((name, value.into()));
            }
            rest = behind;
        }
        Ok((text + rest, parameters))
    }
}
