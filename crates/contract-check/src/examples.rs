//! Every example and default of a contract, each against the schema that it is an example of.

use crate::Contract;
use serde_json::{Map, Value};

/// Members whose values are data, not parts of the contract.
const DATA: [&str; 5] = ["example", "examples", "default", "enum", "const"];
/// Members of a schema that hold a schema, a list of them, or a map from names to them.
const SCHEMAS: [&str; 23] = [
    "schema",
    "items",
    "prefixItems",
    "contains",
    "additionalProperties",
    "propertyNames",
    "unevaluatedItems",
    "unevaluatedProperties",
    "not",
    "if",
    "then",
    "else",
    "allOf",
    "anyOf",
    "oneOf",
    "properties",
    "patternProperties",
    "dependentSchemas",
    "$defs",
    "definitions",
    "schemas",
    "contentSchema",
    "additionalItems",
];
/// Those of them that map names to schemas.
const NAMED: [&str; 6] =
    ["properties", "patternProperties", "dependentSchemas", "$defs", "definitions", "schemas"];

impl Contract {
    /// What is wrong with its examples and defaults, each with its place and the mistake; empty if nothing.
    ///
    /// An example stands at a media type, a parameter, a header or in a schema. One among `components/examples` must be
    /// used by one of these, or bear the name of the schema that it shows.
    ///
    /// ```
    /// use contract_check::Contract;
    ///
    /// let contract = Contract::of("
    /// paths: {}
    /// components: { schemas: { Cake: { type: object, required: [name], example: { nam: Sacher } } } }
    /// ");
    /// assert_eq!(
    ///     contract.wrong_examples(),
    ///     [r#"openapi.yaml at components > schemas > Cake > example: : "name" is a required property"#]
    /// );
    /// ```
    #[must_use]
    pub fn wrong_examples(&self) -> Vec<String> {
        let mut search =
            Search { contract: self, place: Vec::new(), used: Vec::new(), found: Vec::new() };
        search.look(self.document(), false);
        search.unused();
        search.found.sort();
        search.found
    }
}

struct Search<'a> {
    contract: &'a Contract,
    /// The keys that lead to where it looks.
    place: Vec<String>,
    /// References to `components/examples`.
    used: Vec<String>,
    found: Vec<String>,
}

impl Search<'_> {
    fn look(&mut self, value: &Value, is_schema: bool) {
        match value {
            Value::Object(members) => {
                if is_schema {
                    self.in_schema(value, members);
                } else if let Some(schema) = members.get("schema") {
                    self.beside(schema, members);
                }
                for (key, member) in members.iter().filter(|(key, _)| !DATA.contains(&key.as_str()))
                {
                    self.within(key, |search| search.member(key, member, is_schema));
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.within(&index.to_string(), |search| search.look(item, is_schema));
                }
            }
            _ => {}
        }
    }

    /// A member of an object that is no data. A map from names to schemas may have any key, `example` among them.
    fn member(&mut self, key: &str, member: &Value, in_schema: bool) {
        let holds_schemas =
            SCHEMAS.contains(&key) && (in_schema || matches!(key, "schema" | "schemas"));
        match member {
            Value::Object(named) if holds_schemas && NAMED.contains(&key) => {
                for (name, schema) in named {
                    self.within(name, |search| search.look(schema, true));
                }
            }
            member => self.look(member, holds_schemas),
        }
    }

    fn within(&mut self, key: &str, look: impl FnOnce(&mut Self)) {
        self.place.push(key.to_owned());
        look(self);
        self.place.pop();
    }

    /// `default`, `example` and the list `examples` of a schema.
    fn in_schema(&mut self, schema: &Value, members: &Map<String, Value>) {
        for key in ["default", "example"] {
            if let Some(example) = members.get(key) {
                self.within(key, |search| search.check(schema, example));
            }
        }
        for (index, example) in
            members.get("examples").and_then(Value::as_array).into_iter().flatten().enumerate()
        {
            self.within("examples", |search| {
                search.within(&index.to_string(), |search| search.check(schema, example));
            });
        }
    }

    /// `example` and the map `examples` beside the schema of a media type, a parameter or a header.
    fn beside(&mut self, schema: &Value, members: &Map<String, Value>) {
        if let Some(example) = members.get("example") {
            self.within("example", |search| search.check(schema, example));
        }
        for (name, example) in
            members.get("examples").and_then(Value::as_object).into_iter().flatten()
        {
            if let Some(reference) = example["$ref"].as_str() {
                self.used.push(reference.to_owned());
            }
            let value = self.contract.resolve(example).get("value");
            self.within("examples", |search| {
                search.within(name, |search| match value {
                    Some(value) => search.check(schema, value),
                    None => search.say("it has no value: write one under `value`"),
                });
            });
        }
    }

    fn check(&mut self, schema: &Value, example: &Value) {
        match self.contract.mistakes(schema, example) {
            Ok(mistakes) => mistakes.iter().for_each(|mistake| self.say(mistake)),
            Err(why) => self.say(&format!("its schema cannot be read: {why}")),
        }
    }

    /// Examples that nothing refers to are held against the schema of their name.
    fn unused(&mut self) {
        let document = self.contract.document();
        let all = document["components"]["examples"].as_object();
        for (name, example) in all.into_iter().flatten() {
            let schema = &document["components"]["schemas"][name];
            let is_used = self.used.contains(&format!("#/components/examples/{name}"));
            self.place = ["components", "examples", name].map(str::to_owned).to_vec();
            if !schema.is_null() {
                self.check(schema, &example["value"]);
            } else if !is_used {
                self.say("nothing refers to it, and no schema bears its name: nobody can say whether it is right");
            }
        }
        self.place.clear();
    }

    fn say(&mut self, what: &str) {
        self.found.push(format!("openapi.yaml at {}: {what}", self.place.join(" > ")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;

    const CONTRACT: &str = "
paths:
  /cakes:
    get:
      parameters:
        - { name: size, in: query, schema: { type: integer, maximum: 9, default: 10 }, example: small }
      responses:
        200:
          headers: { ETag: { schema: { type: string }, example: 1 } }
          content:
            application/json:
              schema: { $ref: '#/components/schemas/Cake' }
              examples:
                good: { value: { name: Sacher } }
                shared: { $ref: '#/components/examples/Shared' }
                empty: { summary: nothing }
components:
  examples:
    Shared: { value: { name: 7 } }
    Cake: { value: {} }
    Stray: { value: 1 }
  schemas:
    Cake:
      type: object
      required: [name]
      properties:
        name: { type: string }
        example: { type: string, examples: [plain, 3] }
        eggs: { allOf: [{ type: [integer, 'null'], default: many }] }
        at: { type: string, format: date-time, example: today }
";

    #[test]
    fn every_example_is_held_against_its_schema_and_named_with_its_place() {
        let paths = "openapi.yaml at paths > /cakes > get";
        let json = "responses > 200 > content > application/json > examples";
        let cake = "openapi.yaml at components > schemas > Cake > properties";
        let examples = "openapi.yaml at components > examples";
        let mut expected = [
            format!("{paths} > parameters > 0 > example: : \"small\" is not of type \"integer\""),
            format!(
                "{paths} > parameters > 0 > schema > default: : 10 is greater than the maximum of 9"
            ),
            format!("{paths} > {json} > shared: /name: 7 is not of type \"string\""),
            format!("{paths} > {json} > empty: it has no value: write one under `value`"),
            format!(
                "{paths} > responses > 200 > headers > ETag > example: : 1 is not of type \"string\""
            ),
            format!("{cake} > at > example: : \"today\" is not a \"date-time\""),
            format!(
                "{cake} > eggs > allOf > 0 > default: : \"many\" is not of types \"null\", \"integer\""
            ),
            format!("{cake} > example > examples > 1: : 3 is not of type \"string\""),
            format!("{examples} > Cake: : \"name\" is a required property"),
            format!(
                "{examples} > Stray: nothing refers to it, and no schema bears its name: nobody can say whether it is right"
            ),
        ];
        expected.sort();
        assert_eq!(Contract::of(CONTRACT).wrong_examples(), expected);
    }
}
