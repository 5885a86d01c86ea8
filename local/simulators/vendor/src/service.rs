//! What the vendor sells.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::price::Price;

/// The most licences in one order, and services in the catalogue.
pub(crate) const MAX_QUANTITY: u32 = 10_000;
pub(crate) const MAX_SERVICES: usize = 1_000;
/// The longest id or name, in characters.
const MAX_TEXT: usize = 100;

/// A service of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Service {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) unit_price: Price,
    #[serde(default = "yes")]
    pub(crate) available: bool,
    #[serde(default = "one")]
    pub(crate) minimum: u32,
    #[serde(default = "most")]
    pub(crate) maximum: u32,
    /// Licences that are left; `None` is without end.
    #[serde(default)]
    pub(crate) stock: Option<u32>,
}

fn yes() -> bool {
    true
}

fn one() -> u32 {
    1
}

fn most() -> u32 {
    MAX_QUANTITY
}

impl Service {
    /// What a fresh vendor sells: its part of the platform's catalogue.
    pub(crate) fn samples() -> Vec<Self> {
        let service = |id: &str, name: &str, amount: &str| Self {
            id: id.to_owned(),
            name: name.to_owned(),
            unit_price: Price::new(amount, "EUR").expect("the samples have prices"),
            available: true,
            minimum: 1,
            maximum: MAX_QUANTITY,
            stock: None,
        };
        vec![
            service("vend-night-watch", "Night watch, a licence a household", "8.00"),
            service("vend-home-care", "Home care, a licence a person", "3.50"),
            service("vend-day-care", "Day care, a licence a place", "12.40"),
        ]
    }

    /// The service with these members changed; `before` is what there is of it.
    ///
    /// # Errors
    /// What is wrong with them, for people.
    pub(crate) fn changed(
        id: &str,
        before: Option<&Self>,
        changes: &Value,
    ) -> Result<Self, String> {
        let changes = changes.as_object().ok_or("the body is an object")?;
        let mut whole = before.map_or_else(|| json!({}), |service| json!(service));
        for (name, value) in changes {
            whole[name.as_str()] = value.clone();
        }
        whole["id"] = json!(id);
        let service: Self = serde_json::from_value(whole).map_err(|error| error.to_string())?;
        service.check()?;
        Ok(service)
    }

    fn check(&self) -> Result<(), String> {
        let is_text = |text: &str| (1..=MAX_TEXT).contains(&text.chars().count());
        if !is_text(&self.id) || !is_text(&self.name) {
            return Err(format!("id and name have 1 to {MAX_TEXT} characters"));
        }
        if self.minimum == 0 || self.minimum > self.maximum || self.maximum > MAX_QUANTITY {
            return Err(format!("minimum and maximum are 1 to {MAX_QUANTITY}, in this order"));
        }
        Ok(())
    }

    /// Whether so many licences can be had now.
    pub(crate) fn has(&self, quantity: u32) -> bool {
        self.available && self.stock.is_none_or(|stock| stock >= quantity)
    }

    /// Fewer licences are left, or more after a cancellation.
    pub(crate) fn move_stock(&mut self, before: u32, after: u32) {
        self.stock = self.stock.map(|stock| stock.saturating_add(before).saturating_sub(after));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;

    #[test]
    fn what_is_said_of_a_service_changes_and_the_rest_stays() {
        let sample = &Service::samples()[0];
        let changed = Service::changed(&sample.id, Some(sample), &json!({"stock": 7})).unwrap();
        assert_eq!(changed, Service { stock: Some(7), ..sample.clone() });
        assert!(changed.has(7) && !changed.has(8));
        let made = json!({"name": "Relocation", "unitPrice": {"amount": "90", "currency": "SEK"}});
        assert_eq!(Service::changed("relocation", None, &made).unwrap().maximum, MAX_QUANTITY);
        for wrong in [
            json!({"minimum": 0}),
            json!({"maximum": 20_000}),
            json!({"unitPrice": "8"}),
            json!({"price": 1}),
            json!([]),
        ] {
            assert!(Service::changed("x", Some(sample), &wrong).is_err(), "{wrong}");
        }
    }
}
