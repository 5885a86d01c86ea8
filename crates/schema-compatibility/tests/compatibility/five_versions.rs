//! Five versions of one type, offered one after the other to a group that takes only what fits what it took before.

use pretty_assertions::assert_eq;
use schema_compatibility::{Mode, Schema, check_all};

use crate::{avro, json};

const ORDER: (&str, bool) = ("orderId", true);
const DAY: (&str, bool) = ("orderedOn", true);
const SERVICE: (&str, bool) = ("serviceId", true);
/// Each version's fields, and whether a reader needs them.
const VERSIONS: [&[(&str, bool)]; 5] = [
    &[ORDER, DAY, SERVICE],
    &[ORDER, DAY, SERVICE, ("voucher", false)],
    &[ORDER, DAY, SERVICE, ("voucher", false), ("channel", true)],
    &[ORDER, DAY, ("voucher", false)],
    &[("orderNumber", true), DAY, ("voucher", false)],
];

fn as_avro(fields: &[(&str, bool)], name: &str) -> Schema {
    let field = |(name, needed): &(&str, bool)| {
        if *needed {
            format!(r#"{{ "name": "{name}", "type": "string" }}"#)
        } else {
            format!(r#"{{ "name": "{name}", "type": ["null", "string"], "default": null }}"#)
        }
    };
    let fields: Vec<String> = fields.iter().map(field).collect();
    let fields = fields.join(", ");
    avro(name, &format!(r#"{{ "type": "record", "name": "shop.Ordered", "fields": [{fields}] }}"#))
}

fn as_json(fields: &[(&str, bool)], name: &str) -> Schema {
    let property = |(name, _): &(&str, bool)| format!(r#""{name}": {{ "type": "string" }}"#);
    let properties: Vec<String> = fields.iter().map(property).collect();
    let needed = fields.iter().filter(|(_, needed)| *needed);
    let required: Vec<String> = needed.map(|(name, _)| format!("{name:?}")).collect();
    let (properties, required) = (properties.join(", "), required.join(", "));
    let text = format!(
        r#"{{ "type": "object", "required": [{required}], "properties": {{ {properties} }} }}"#
    );
    json(name, &text)
}

/// Which versions a group takes.
fn taken(mode: Mode, form: fn(&[(&str, bool)], &str) -> Schema) -> Vec<usize> {
    let (mut taken, mut numbers) = (Vec::new(), Vec::new());
    for (i, fields) in VERSIONS.iter().enumerate() {
        let offered = form(fields, &format!("version {}", i + 1));
        if check_all(mode, &taken, &offered).is_empty() {
            taken.push(offered);
            numbers.push(i + 1);
        }
    }
    numbers
}

#[test]
fn a_group_takes_the_versions_that_its_mode_allows() {
    for form in [as_avro, as_json] {
        assert_eq!(taken(Mode::None, form), [1, 2, 3, 4, 5]);
        assert_eq!(taken(Mode::Backward, form), [1, 2, 4]);
        assert_eq!(taken(Mode::BackwardTransitive, form), [1, 2, 4]);
        assert_eq!(taken(Mode::Forward, form), [1, 2, 3]);
        assert_eq!(taken(Mode::ForwardTransitive, form), [1, 2, 3]);
        assert_eq!(taken(Mode::Full, form), [1, 2]);
        assert_eq!(taken(Mode::FullTransitive, form), [1, 2]);
    }
}
