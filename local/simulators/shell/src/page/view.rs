//! A form as the page shows it.

use askama::Template;
use serde_json::Value;

use crate::faults::{
    Fieldset,
    form::{Kind, member, plain},
};

/// A form with the values that hold now. Displayed, it is HTML.
#[derive(Clone, Debug, Template)]
#[template(path = "form.html")]
pub struct FormView {
    action: &'static str,
    button: &'static str,
    fieldsets: Vec<FieldsetView>,
}

#[derive(Clone, Debug)]
struct FieldsetView {
    legend: &'static str,
    hint: &'static str,
    fields: Vec<FieldView>,
}

#[derive(Clone, Debug)]
struct FieldView {
    name: &'static str,
    label: &'static str,
    input: Input,
}

#[derive(Clone, Debug)]
enum Input {
    Number { min: f64, max: f64, value: String },
    Text { value: String },
    Checkbox { ticked: bool },
    Choice { none: &'static str, options: Vec<OptionView> },
    Choices { options: Vec<OptionView> },
}

#[derive(Clone, Debug)]
struct OptionView {
    value: String,
    label: String,
    chosen: bool,
}

impl FormView {
    /// The form that is sent to `action`; `now` is what its fields hold, as JSON.
    pub fn new(
        action: &'static str,
        button: &'static str,
        fieldsets: &[Fieldset],
        now: &Value,
    ) -> Self {
        let fieldsets = fieldsets.iter().map(|fieldset| FieldsetView {
            legend: fieldset.legend,
            hint: fieldset.hint,
            fields: fieldset
                .fields
                .iter()
                .map(|field| FieldView {
                    name: field.name,
                    label: field.label,
                    input: Input::of(&field.kind, member(now, field.name)),
                })
                .collect(),
        });
        Self { action, button, fieldsets: fieldsets.collect() }
    }
}

impl Input {
    fn of(kind: &Kind, now: &Value) -> Self {
        match kind {
            Kind::Number { min, max } | Kind::NumberOrNull { min, max } => {
                Self::Number { min: *min, max: *max, value: plain(now) }
            }
            Kind::Text => Self::Text { value: plain(now) },
            Kind::Checkbox => Self::Checkbox { ticked: *now == Value::Bool(true) },
            Kind::Choice { none, values } => {
                Self::Choice { none, options: options(values, |value| value == now) }
            }
            Kind::Choices { values } => {
                let list = now.as_array();
                let chosen = |value: &Value| list.is_some_and(|list| list.contains(value));
                Self::Choices { options: options(values, chosen) }
            }
        }
    }
}

fn options(values: &[(Value, String)], chosen: impl Fn(&Value) -> bool) -> Vec<OptionView> {
    let option = |(value, label): &(Value, String)| OptionView {
        value: plain(value),
        label: label.clone(),
        chosen: chosen(value),
    };
    values.iter().map(option).collect()
}
