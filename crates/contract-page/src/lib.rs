//! An app's contract, made ready at build time, so that no handler carries a YAML reader: [`bundle()`] puts an OpenAPI
//! document and the parts that it shares with others into one, [`page()`] makes of it a page that people can read (no
//! script, no network, one file), and [`build()`] is all that an app's `build.rs` calls. [`plan`] says which operations
//! have a function and which are planned, for tests and packages.

mod build;
mod bundle;
mod html;
mod operations;
pub mod plan;
mod prose;
mod schemas;
mod yaml;

pub use build::build;
pub use bundle::{BundleError, Bundled, Place, bundle, bundle_from};

use html::{escape, text};
use serde_json::Value;
use std::fmt::Write as _;

/// The document is not YAML.
#[derive(Debug, thiserror::Error)]
#[error("reading the OpenAPI document: {0}")]
pub struct ContractError(String);

/// The page for an OpenAPI 3.1 document in YAML. Besides the operations and schemas it shows the kinds of
/// problems that the extension `x-problems` lists (`slug: {status, title, remedy}`), each under its own
/// anchor, so that a problem's `type` can lead there.
///
/// # Errors
/// The document is not YAML.
pub fn page(openapi: &str) -> Result<String, ContractError> {
    let document: Value =
        serde_saphyr::from_str(openapi).map_err(|error| ContractError(error.to_string()))?;
    let title = escape(text(&document, "/info/title"));
    let mut body = String::new();
    let _ = write!(
        body,
        "<header><h1>{title}</h1><p>{}</p><p><a href=\"openapi.yaml\">openapi.yaml</a>, version {}</p></header>\
         <main>{}",
        escape(text(&document, "/info/summary")),
        escape(text(&document, "/info/version")),
        prose::paragraphs(text(&document, "/info/description")),
    );
    operations::write(&document, &mut body);
    problems(&document, &mut body);
    schemas::write(&document, &mut body);
    body.push_str("</main>");
    Ok(format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title>\
         <style>{}</style></head><body>{body}</body></html>",
        include_str!("page.css")
    ))
}

fn problems(document: &Value, page: &mut String) {
    let Some(problems) = document["x-problems"].as_object() else { return };
    page.push_str(
        "<section><h2 id=\"problems\">Problems</h2><table><tr><th>type</th><th>status</th>\
         <th>what</th><th>what to do</th></tr>",
    );
    for (slug, problem) in problems {
        let _ = write!(
            page,
            "<tr id=\"{slug}\"><td><a href=\"#{slug}\"><code>{slug}</code></a></td><td>{}</td>\
             <td>{}</td><td>{}</td></tr>",
            problem["status"],
            prose::inline(text(problem, "/title")),
            prose::inline(text(problem, "/remedy")),
            slug = escape(slug),
        );
    }
    page.push_str("</table></section>");
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = r"
openapi: 3.1.0
info: { title: Tea & cake, version: '1', description: 'First `code`.' }
paths:
  /v1/cakes/{id}:
    parameters: [{ $ref: '#/components/parameters/Id' }]
    get:
      summary: Read <one>
      tags: [Cakes]
      responses:
        '200': { description: It., content: { application/json: { example: { name: Apple } } } }
        '404': { $ref: '#/components/responses/None' }
    delete: { summary: Eat, tags: [Cakes], x-planned: 2027-01, responses: { '204': { description: Gone. } } }
components:
  parameters: { Id: { name: id, in: path, required: true, schema: { type: string } } }
  responses: { None: { description: No such cake. } }
  schemas: { Cake: { type: object, required: [name], properties: { name: { type: string, maxLength: 9 } } } }
x-problems: { no-such-cake: { status: 404, title: Gone, remedy: Bake one. } }
";

    #[test]
    fn the_page_has_everything_that_the_document_has() {
        let page = page(DOCUMENT).unwrap();
        for part in [
            "Tea &amp; cake",
            "First <code>code</code>.",
            "/v1/cakes/{id}",
            "Read &lt;one&gt;",
            "No such cake.",
            "Planned for 2027-01",
            "&quot;name&quot;: &quot;Apple&quot;",
            "id=\"no-such-cake\"",
            "Bake one.",
            "at most 9 characters",
        ] {
            assert!(page.contains(part), "{part} is missing in {page}");
        }
    }

    #[test]
    fn what_is_not_yaml_is_an_error() {
        assert!(page("a: [").is_err());
    }
}
