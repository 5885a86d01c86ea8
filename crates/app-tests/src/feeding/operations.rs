//! What of an app can be asked over HTTP: every method of every route, with what the contract says of it.

use contract_check::{Contract, Description};
use contract_mock::Samples;
use reqwest::Method;
use serde_json::Value;

/// What a function without methods is asked with.
const ANY: [Method; 3] = [Method::GET, Method::POST, Method::DELETE];

/// A method of a route.
#[derive(Debug)]
pub(super) struct Operation {
    pub(super) method: Method,
    /// `/v1/cakes/{name}`, with the contract's names if it is in there.
    pub(super) path: String,
    pub(super) parameters: Vec<Parameter>,
    pub(super) bodies: Vec<Body>,
    /// Whether it is in the contract; what is not is a page, or answers what has no route.
    pub(super) is_in_contract: bool,
}

/// A parameter of a query or a header.
#[derive(Debug)]
pub(super) struct Parameter {
    pub(super) name: String,
    pub(super) is_header: bool,
    pub(super) is_required: bool,
    /// A value that would do.
    pub(super) example: Value,
    pub(super) schema: Value,
}

/// A type of body that is taken.
#[derive(Debug)]
pub(super) struct Body {
    pub(super) media_type: String,
    /// Those of the contract, and a full one that is made up.
    pub(super) examples: Vec<Value>,
    pub(super) schema: Value,
}

/// Reads contracts.
struct Reader<'a> {
    contract: &'a Contract,
    samples: Samples,
}

/// All operations, in the order in which things come to be: what makes them, what reads them, what ends them.
pub(super) fn all(description: &Description, contract: &Contract) -> Vec<Operation> {
    let reader = Reader { contract, samples: Samples::of(contract.document().clone()) };
    let mut operations = Vec::new();
    for function in &description.functions {
        let Some(route) = &function.route else { continue };
        let methods = function.methods.as_ref().map(|methods| {
            methods.iter().map(|method| method.to_uppercase().parse().unwrap()).collect()
        });
        for method in methods.unwrap_or_else(|| ANY.to_vec()) {
            operations.push(reader.operation(method, route));
        }
    }
    let turn = |operation: &Operation| {
        let methods = [Method::POST, Method::PUT, Method::GET, Method::PATCH, Method::DELETE];
        methods.iter().position(|method| *method == operation.method).unwrap_or(2)
    };
    operations.sort_by_key(|operation| (turn(operation), operation.path.matches('/').count()));
    operations
}

/// The path with its parameters as `{}`, to compare.
pub(super) fn shape(path: &str) -> String {
    let of = |part: &str| if part.starts_with('{') { "{}".to_owned() } else { part.to_lowercase() };
    path.trim_start_matches('/').split('/').map(of).collect::<Vec<_>>().join("/")
}

impl Reader<'_> {
    fn operation(&self, method: Method, route: &str) -> Operation {
        let key = method.as_str().to_lowercase();
        let paths = self.contract.document()["paths"].as_object();
        let mut all = paths.into_iter().flatten();
        let found =
            all.find(|(path, item)| shape(path) == shape(route) && item.get(&key).is_some());
        let Some((path, item)) = found else {
            let path = format!("/{}", route.trim_start_matches('/'));
            let (parameters, bodies) = (Vec::new(), Vec::new());
            return Operation { method, path, parameters, bodies, is_in_contract: false };
        };
        let of_both = [&item["parameters"], &item[&key]["parameters"]];
        let parameters = of_both.into_iter().filter_map(Value::as_array).flatten();
        Operation {
            method,
            path: path.clone(),
            parameters: parameters.filter_map(|one| self.parameter(one)).collect(),
            bodies: self.bodies(&item[&key]["requestBody"], path, &key),
            is_in_contract: true,
        }
    }

    fn parameter(&self, parameter: &Value) -> Option<Parameter> {
        let parameter = self.contract.resolve(parameter);
        let place = parameter["in"].as_str().filter(|place| ["query", "header"].contains(place))?;
        let schema = self.contract.resolve(&parameter["schema"]);
        let shown = [&parameter["example"], &schema["example"], &schema["default"]];
        let shown = shown.into_iter().find(|value| !value.is_null()).cloned();
        Some(Parameter {
            name: parameter["name"].as_str()?.to_owned(),
            is_header: place == "header",
            is_required: parameter["required"] == true,
            example: shown.or_else(|| Samples::of(schema.clone()).value("")).unwrap_or_default(),
            schema: schema.clone(),
        })
    }

    fn bodies(&self, body: &Value, path: &str, method: &str) -> Vec<Body> {
        let own = format!("/paths/{}/{method}/requestBody", escaped(path));
        let referred = body["$ref"].as_str().and_then(|target| target.strip_prefix('#'));
        let pointer = referred.map_or(own, str::to_owned);
        let content = self.contract.resolve(body)["content"].as_object();
        let of_type = |(media_type, content): (&String, &Value)| {
            let pointer = format!("{pointer}/content/{}/schema", escaped(media_type));
            let shown = content["examples"].as_object().into_iter().flatten();
            let shown = shown.map(|(_, shown)| self.contract.resolve(shown)["value"].clone());
            let made = self.samples.value(&pointer);
            let examples = content.get("example").cloned().into_iter().chain(shown).chain(made);
            Body {
                media_type: media_type.clone(),
                examples: examples.collect(),
                schema: content["schema"].clone(),
            }
        };
        content.into_iter().flatten().map(of_type).collect()
    }
}

/// A key as a part of a JSON pointer (RFC 6901).
fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}
