use std::collections::HashSet;

use serde_json::Value;

use crate::bindings::{InputBinding, Output, OutputBinding};
use crate::fields::Fields;
use crate::{FunctionJsonError, FunctionName, RetryPolicy, Trigger};

/// Longest binding name, in characters (`FunctionDescriptorProvider.cs` of the host).
const MAX_BINDING_NAME_CHARS: usize = 128;
/// The output whose value is the reply's `ReturnValue`.
const RETURN: &str = "$return";

/// One function as the host loads it: exactly one trigger, and the other bindings by direction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FunctionJson {
    /// `disabled`, default false. The setting `AzureWebJobs.<Function>.Disabled` has the same effect.
    pub disabled: bool,
    /// `retry`, when the function has a policy of its own.
    pub retry: Option<RetryPolicy>,
    /// The one trigger.
    pub trigger: Trigger,
    /// The trigger's binding name: the key of its value in the envelope's `Data`.
    pub trigger_name: String,
    /// The bindings with direction `out`, in the order of the file.
    pub outputs: Vec<OutputBinding>,
    /// The bindings with direction `in` besides the trigger, in the order of the file.
    pub inputs: Vec<InputBinding>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    In,
    Out,
    InOut,
}

impl FunctionJson {
    /// Reads the text of a `function.json`. Keys that are not known are ignored, as the host does.
    ///
    /// An HTTP trigger without `route` is left with an empty one, because the default is the
    /// folder's name: prefer [`FunctionJson::parse_named`] where that is known.
    pub fn parse(text: &str) -> Result<Self, FunctionJsonError> {
        // Editors of the .NET world like to write a byte order mark, and the host skips it.
        let text = text.trim_start_matches('\u{feff}');
        let json: Value =
            serde_json::from_str(text).map_err(|error| FunctionJsonError::syntax(&error))?;
        let fields = Fields::of(&json, "").map_err(|_| {
            FunctionJsonError::key(
                "function.json",
                "is not an object",
                "write `{ \"bindings\": [ … ] }`",
            )
        })?;
        let disabled = fields.flag_or("disabled", false)?;
        let retry = fields.get("retry").map(RetryPolicy::from_json).transpose()?;
        let bindings = fields
            .get("bindings")
            .and_then(Value::as_array)
            .filter(|bindings| !bindings.is_empty());
        let bindings = bindings.ok_or_else(|| {
            fields.error(
                "bindings",
                "is missing or not a list with a trigger in it",
                "add \"bindings\": [ { \"type\": \"httpTrigger\", … } ]",
            )
        })?;
        Sorted::read(bindings)?.into_function(disabled, retry)
    }

    /// Reads the text of a `function.json` and fills in what depends on the function's name: the
    /// route of an HTTP trigger that names none.
    pub fn parse_named(name: &FunctionName, text: &str) -> Result<Self, FunctionJsonError> {
        let mut function = Self::parse(text)?;
        if let Trigger::Http(http) = function.trigger {
            function.trigger = Trigger::Http(http.with_default_route(name));
        }
        Ok(function)
    }

    /// Whether the host sends requests on as they are: exactly one input, the HTTP trigger, and
    /// exactly one output, `http`. One binding more, and the function gets envelopes instead
    /// (`FunctionMetadataExtensions.cs` of the host).
    pub fn is_http_in_out(&self) -> bool {
        matches!(self.trigger, Trigger::Http(_))
            && self.inputs.is_empty()
            && matches!(self.outputs.as_slice(), [OutputBinding { kind: Output::Http, .. }])
    }
}

/// The bindings, sorted into trigger, inputs and outputs while they are read.
#[derive(Default)]
struct Sorted {
    names: HashSet<String>,
    trigger: Option<(Trigger, String)>,
    outputs: Vec<OutputBinding>,
    inputs: Vec<InputBinding>,
}

impl Sorted {
    fn read(bindings: &[Value]) -> Result<Self, FunctionJsonError> {
        let mut sorted = Self::default();
        for (index, binding) in bindings.iter().enumerate() {
            sorted.add(&Fields::of(binding, format!("bindings[{index}]"))?)?;
        }
        Ok(sorted)
    }

    fn add(&mut self, fields: &Fields<'_>) -> Result<(), FunctionJsonError> {
        let kind = fields.required_text("type", "httpTrigger")?;
        let name = fields.required_text("name", "request")?;
        let directions =
            [("in", Direction::In), ("out", Direction::Out), ("inout", Direction::InOut)];
        // The host's default; it also forgives a trigger that says nothing.
        let direction = fields.word("direction", &directions)?.unwrap_or(Direction::In);
        check_name(fields, &name, direction)?;
        if !self.names.insert(name.to_ascii_lowercase()) {
            let problem =
                format!("\"{name}\" is used by another binding too (case does not count)");
            return Err(fields.error("name", problem, "give each binding a name of its own"));
        }
        if kind.to_ascii_lowercase().ends_with("trigger") {
            return self.add_trigger(fields, &kind, name, direction);
        }
        match direction {
            Direction::In => self.inputs.push(InputBinding::read(fields, name, &kind)?),
            Direction::Out => self.outputs.push(OutputBinding::read(fields, name, &kind)?),
            Direction::InOut => {
                let problem = "is \"inout\", which a custom handler cannot use";
                return Err(fields.error("direction", problem, "use \"in\" or \"out\""));
            }
        }
        Ok(())
    }

    fn add_trigger(
        &mut self,
        fields: &Fields<'_>,
        kind: &str,
        name: String,
        direction: Direction,
    ) -> Result<(), FunctionJsonError> {
        if direction != Direction::In {
            return Err(fields.error(
                "direction",
                "of a trigger is not \"in\"",
                "write \"direction\": \"in\"",
            ));
        }
        if let Some((first, _)) = &self.trigger {
            let problem = format!("\"{kind}\" is a second trigger beside {}", first.kind());
            return Err(fields.error("type", problem, "move it to a function of its own"));
        }
        self.trigger = Some((Trigger::read(fields, kind)?, name));
        Ok(())
    }

    fn into_function(
        self,
        disabled: bool,
        retry: Option<RetryPolicy>,
    ) -> Result<FunctionJson, FunctionJsonError> {
        let (trigger, trigger_name) = self.trigger.ok_or_else(|| {
            let remedy = "add one binding whose type ends with Trigger, such as \"httpTrigger\"";
            FunctionJsonError::key("bindings", "has no trigger", remedy)
        })?;
        Ok(FunctionJson {
            disabled,
            retry,
            trigger,
            trigger_name,
            outputs: self.outputs,
            inputs: self.inputs,
        })
    }
}

fn check_name(
    fields: &Fields<'_>,
    name: &str,
    direction: Direction,
) -> Result<(), FunctionJsonError> {
    let plain = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric())
        && name.len() <= MAX_BINDING_NAME_CHARS;
    if plain || (name == RETURN && direction == Direction::Out) {
        return Ok(());
    }
    let remedy = "use 1 to 128 ASCII letters and digits, starting with a letter; `$return` only for an output";
    Err(fields.error("name", format!("\"{name}\" is not a name the host takes"), remedy))
}
