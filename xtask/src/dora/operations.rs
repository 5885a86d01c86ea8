//! Which folder answers an operation of a contract: by the route and the methods of its `function.json`.

use std::{collections::BTreeMap, fs, path::Path};

use serde_json::Value;

use crate::failure::Failure;

/// `GET /v1/cakes/{}`: parameters have no names in it.
pub(crate) type Operation = String;

const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];
/// Folders of functions are looked for this deep.
const MAX_DEPTH: usize = 6;

/// The operations that a contract has itself; those that it takes over from others are not its ideas.
pub(crate) fn declared(contract: &str) -> Vec<Operation> {
    let Ok(document) = serde_saphyr::from_str::<Value>(contract) else { return Vec::new() };
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        let methods = METHODS.iter().filter(|method| item.get(**method).is_some());
        found.extend(methods.map(|method| named(method, path)));
    }
    found
}

/// The folders of an app's functions, from the workspace's root, by the operations that they answer.
pub(crate) fn answered(root: &Path, app: &str) -> Result<BTreeMap<Operation, String>, Failure> {
    let mut found = BTreeMap::new();
    look(root, &root.join("functions").join(app).join("src/functions"), 0, &mut found)?;
    Ok(found)
}

fn look(
    root: &Path,
    folder: &Path,
    depth: usize,
    found: &mut BTreeMap<Operation, String>,
) -> Result<(), Failure> {
    if !folder.is_dir() || depth > MAX_DEPTH {
        return Ok(());
    }
    let reading = |source| Failure::file("reading", folder, source);
    for entry in fs::read_dir(folder).map_err(reading)? {
        let path = entry.map_err(reading)?.path();
        if path.is_dir() {
            look(root, &path, depth + 1, found)?;
        } else if path.file_name().is_some_and(|name| name == "function.json") {
            let text = fs::read_to_string(&path).map_err(reading)?;
            let place = folder.strip_prefix(root).unwrap_or(folder).display().to_string();
            found.extend(routes(&text).into_iter().map(|operation| (operation, place.clone())));
        }
    }
    Ok(())
}

fn routes(function: &str) -> Vec<Operation> {
    let Ok(function) = serde_json::from_str::<Value>(function) else { return Vec::new() };
    let bindings = function["bindings"].as_array().into_iter().flatten();
    let mut found = Vec::new();
    for binding in bindings.filter(|binding| binding["type"] == "httpTrigger") {
        let route = binding["route"].as_str().unwrap_or_default();
        let methods = binding["methods"].as_array().into_iter().flatten();
        found.extend(methods.filter_map(Value::as_str).map(|method| named(method, route)));
    }
    found
}

fn named(method: &str, path: &str) -> Operation {
    let parts =
        path.trim_matches('/').split('/').map(|part| match (part.find('{'), part.rfind('}')) {
            (Some(begin), Some(end)) if begin < end => {
                format!("{}{{}}{}", &part[..begin], &part[end + 1..])
            }
            _ => part.to_owned(),
        });
    format!("{} /{}", method.to_uppercase(), parts.collect::<Vec<_>>().join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;

    #[test]
    fn a_contract_and_a_function_name_an_operation_alike() {
        let function = r#"{"bindings": [{"type": "httpTrigger", "route": "v1/cakes/{id:guid}", "methods": ["get", "PUT"]}]}"#;
        assert_eq!(routes(function), ["GET /v1/cakes/{}", "PUT /v1/cakes/{}"]);
        let contract =
            "paths: { '/v1/cakes/{cakeId}': { parameters: [], get: {} }, /docs: { $ref: 'a#/b' } }";
        assert_eq!(declared(contract), ["GET /v1/cakes/{}"]);
        assert_eq!(declared("a: ["), Vec::<String>::new());
    }
}
