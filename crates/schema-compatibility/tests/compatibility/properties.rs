//! Whatever the schemas. `IOMMI_SEED=42` repeats a run.

use rand::{Rng, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use schema_compatibility::{Direction, Finding, Mode, Schema, check};
use serde::Serialize;
use serde_json::{Value, json};

const CASES: usize = 500;
const DEPTH: usize = 3;

fn random(test: &str) -> StdRng {
    let seed = std::env::var("IOMMI_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed: u64 = seed.unwrap_or_else(rand::random);
    println!("{test}: IOMMI_SEED={seed}");
    StdRng::seed_from_u64(seed)
}

/// One of some values.
fn one_of(random: &mut StdRng, values: &[impl Serialize]) -> Value {
    json!(values.choose(random))
}

/// A made-up object of JSON; some of its properties are required.
fn json_object(random: &mut StdRng, depth: usize) -> Value {
    let (mut properties, mut required) = (serde_json::Map::new(), Vec::new());
    for i in 0..random.random_range(1..5) {
        let name = format!("f{i}");
        properties.insert(name.clone(), json_value(random, depth));
        if random.random() {
            required.push(name);
        }
    }
    json!({ "type": "object", "required": required, "properties": properties, "additionalProperties": false })
}

fn json_value(random: &mut StdRng, depth: usize) -> Value {
    let kinds = if depth == 0 { 5 } else { 8 };
    match random.random_range(0..kinds) {
        0 => json!({ "type": "string", "maxLength": random.random_range(1..9) }),
        1 => json!({ "type": ["string", "null"], "format": one_of(random, &["uuid", "date"]) }),
        2 => json!({ "type": "integer", "minimum": random.random_range(0..9) }),
        3 => json!({ "enum": one_of(random, &[["a", "b"], ["b", "c"]]) }),
        4 => json!({ "type": "string", "pattern": one_of(random, &["^a", "^b"]) }),
        5 => json!({ "type": "array", "items": json_value(random, depth - 1) }),
        6 => json!({ "type": "object", "additionalProperties": json_value(random, depth - 1) }),
        _ => json_object(random, depth - 1),
    }
}

/// A made-up record of Avro; `next` numbers the types that have names.
fn avro_record(random: &mut StdRng, depth: usize, next: &mut usize) -> Value {
    let name = format!("R{next}");
    *next += 1;
    let field = |random: &mut StdRng, i: usize, next: &mut usize| {
        let of = avro_value(random, depth, next);
        if !of.is_array() && random.random() {
            json!({ "name": format!("f{i}"), "type": ["null", of], "default": null })
        } else {
            json!({ "name": format!("f{i}"), "type": of })
        }
    };
    let fields: Vec<Value> =
        (0..random.random_range(1..5)).map(|i| field(random, i, next)).collect();
    json!({ "type": "record", "name": name, "fields": fields })
}

fn avro_value(random: &mut StdRng, depth: usize, next: &mut usize) -> Value {
    let primitives = ["boolean", "int", "long", "float", "double", "bytes", "string"];
    let kinds = if depth == 0 { 4 } else { 7 };
    match random.random_range(0..kinds) {
        0 | 1 => one_of(random, &primitives),
        2 => {
            json!({ "type": "long", "logicalType": one_of(random, &["timestamp-millis", "time-micros"]) })
        }
        3 => {
            *next += 1;
            json!({ "type": "enum", "name": format!("E{next}"), "symbols": one_of(random, &[["A", "B"], ["B", "C"]]) })
        }
        4 => json!({ "type": "array", "items": avro_value(random, depth - 1, next) }),
        5 => json!({ "type": "map", "values": avro_value(random, depth - 1, next) }),
        _ => avro_record(random, depth - 1, next),
    }
}

fn as_json(value: &Value) -> Schema {
    Schema::json("made", &value.to_string()).unwrap_or_else(|error| panic!("{error}\n{value:#}"))
}

fn as_avro(value: &Value) -> Schema {
    Schema::avro("made", &value.to_string()).unwrap_or_else(|error| panic!("{error}\n{value:#}"))
}

/// How a value is read as a schema.
type Read = fn(&Value) -> Schema;

/// A random event of each form.
fn pair(random: &mut StdRng) -> [(Value, Read); 2] {
    [(json_object(random, DEPTH), as_json), (avro_record(random, DEPTH, &mut 0), as_avro)]
}

fn none(mode: Mode, old: &Schema, new: &Schema, of: &Value) {
    let findings = check(mode, old, new);
    assert!(findings.is_empty(), "{mode}: {}\n{of:#}", findings[0]);
}

#[test]
fn a_schema_is_compatible_with_itself_in_all_modes() {
    let mut random = random("itself");
    for _ in 0..CASES {
        for (value, read) in pair(&mut random) {
            let schema = read(&value);
            Mode::ALL.iter().for_each(|mode| none(*mode, &schema, &schema, &value));
        }
    }
}

#[test]
fn an_optional_field_may_come_and_go() {
    let mut random = random("optional");
    for _ in 0..CASES {
        let [(json, _), (avro, _)] = pair(&mut random);
        let (mut more_json, mut more_avro) = (json.clone(), avro.clone());
        more_json["properties"]["added"] = json_value(&mut random, DEPTH);
        let field = json!({ "name": "added", "type": ["null", "string"], "default": null });
        more_avro["fields"].as_array_mut().unwrap().push(field);
        let pairs = [
            (as_json(&json), as_json(&more_json), more_json),
            (as_avro(&avro), as_avro(&more_avro), more_avro),
        ];
        for (less, more, value) in &pairs {
            none(Mode::Full, less, more, value);
            none(Mode::Full, more, less, value);
        }
    }
}

#[test]
fn a_field_that_is_needed_may_come_forward_and_go_backward_only() {
    let mut random = random("needed");
    for _ in 0..CASES {
        let [(json, _), (avro, _)] = pair(&mut random);
        let (mut more_json, mut more_avro) = (json.clone(), avro.clone());
        more_json["properties"]["added"] = json_value(&mut random, DEPTH);
        more_json["required"].as_array_mut().unwrap().push(json!("added"));
        let field = json!({ "name": "added", "type": "string" });
        more_avro["fields"].as_array_mut().unwrap().push(field);
        let pairs = [
            (as_json(&json), as_json(&more_json), more_json),
            (as_avro(&avro), as_avro(&more_avro), more_avro),
        ];
        for (less, more, value) in &pairs {
            none(Mode::Forward, less, more, value);
            none(Mode::Backward, more, less, value);
            for findings in [check(Mode::Backward, less, more), check(Mode::Forward, more, less)] {
                let said: Vec<_> = findings.iter().map(|f| (f.rule, f.path.as_str())).collect();
                assert_eq!(said, [("field-missing", "$.added")], "{value:#}");
            }
        }
    }
}

#[test]
fn what_an_old_reader_misses_of_a_new_writer_is_what_a_new_reader_misses_of_an_old_one_turned_round()
 {
    let mut random = random("turned");
    let mut different = 0;
    for _ in 0..CASES {
        let (one, other) = (pair(&mut random), pair(&mut random));
        for ((a, read), (b, _)) in one.iter().zip(&other) {
            let (a, b) = (read(a), read(b));
            let backward = check(Mode::Backward, &a, &b);
            different += usize::from(!backward.is_empty());
            let turned: Vec<Finding> = check(Mode::Forward, &b, &a)
                .into_iter()
                .map(|mut finding| {
                    finding.direction = Direction::Backward;
                    std::mem::swap(&mut finding.old, &mut finding.new);
                    finding
                })
                .collect();
            let said = |findings: &[Finding]| -> Vec<_> {
                let said = findings.iter();
                said.map(|f| (f.rule, f.path.clone(), f.old.clone(), f.new.clone())).collect()
            };
            assert_eq!(said(&backward), said(&turned));
        }
    }
    assert!(different > CASES, "only {different} pairs differ: the made-up schemas say too little");
}
