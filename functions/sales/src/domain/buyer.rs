//! To whom an invoice goes.

use serde::{Deserialize, Serialize};
use values::{Fields, Line, Refused};

/// Longest e-mail address, in bytes (RFC 5321, section 4.5.3.1.3, less its brackets).
const MAX_EMAIL_BYTES: usize = 254;

/// A person or company as it stands on an invoice. What was given at the order is on the invoice, whatever the profile
/// becomes later.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Buyer {
    pub(crate) name: Line<100>,
    pub(crate) address: BuyerAddress,
    /// For companies: with its country's letters, as it stands in VIES.
    #[serde(default)]
    pub(crate) vat_id: Option<VatId>,
    pub(crate) email_address: EmailAddress,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BuyerAddress {
    pub(crate) street: Line<200>,
    pub(crate) city: Line<100>,
    #[serde(default)]
    pub(crate) postal_code: Option<Line<16>>,
    /// ISO 3166-1 alpha-2, upper case.
    pub(crate) country: Country,
}

/// A person is nobody's to see in a log.
impl std::fmt::Debug for Buyer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Buyer in {}", self.address.country.0)
    }
}

impl Buyer {
    pub(crate) fn read(fields: &mut Fields<'_>) -> Result<Self, Refused> {
        let name = fields.text("name", Line::parse);
        let address = fields.object("address", BuyerAddress::read);
        let vat_id = fields.optional_text("vatId", VatId::parse);
        let email_address = fields.text("emailAddress", EmailAddress::parse);
        Ok(Self { name: name?, address: address?, vat_id: vat_id?, email_address: email_address? })
    }
}

impl BuyerAddress {
    fn read(fields: &mut Fields<'_>) -> Result<Self, Refused> {
        let street = fields.text("street", Line::parse);
        let city = fields.text("city", Line::parse);
        let postal_code = fields.optional_text("postalCode", Line::parse);
        let country = fields.text("country", Country::parse);
        Ok(Self { street: street?, city: city?, postal_code: postal_code?, country: country? })
    }
}

/// ISO 3166-1 alpha-2, upper case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Country(String);

impl Country {
    fn parse(text: &str) -> Result<Self, &'static str> {
        if rust_iso3166::from_alpha2(text).is_some() {
            return Ok(Self(text.to_owned()));
        }
        Err("must be a country code of two capital letters (ISO 3166-1 alpha-2) such as DE")
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// A number for value added tax: its country's two letters, and 2 to 12 capital letters and digits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct VatId(String);

impl VatId {
    fn parse(text: &str) -> Result<Self, &'static str> {
        let plain = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit();
        let is_it = (4..=14).contains(&text.len())
            && text.bytes().take(2).all(|b| b.is_ascii_uppercase())
            && text.bytes().all(plain);
        if is_it {
            return Ok(Self(text.to_owned()));
        }
        Err(
            "must be a number for value added tax with its country's letters, without blanks, such as DE123456789",
        )
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Where mail goes.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct EmailAddress(String);

impl EmailAddress {
    pub(crate) fn parse(text: &str) -> Result<Self, &'static str> {
        if text.len() <= MAX_EMAIL_BYTES && email_address::EmailAddress::is_valid(text) {
            return Ok(Self(text.to_owned()));
        }
        Err("must be an e-mail address of at most 254 bytes such as kim@example.com")
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(change: impl FnOnce(&mut serde_json::Value)) -> Result<Buyer, Vec<String>> {
        let mut buyer = json!({
            "name": "Kim Larsen", "vatId": "DK12345678", "emailAddress": "kim@example.com",
            "address": {"street": "Havnegade 1", "city": "København", "country": "DK"},
        });
        change(&mut buyer);
        let body = json!({ "buyer": buyer });
        let mut fields = Fields::of(&body).unwrap();
        let buyer = fields.object("buyer", Buyer::read);
        let pointers = |violations: values::Violations| -> Vec<String> {
            violations.iter().map(|violation| violation.pointer.clone()).collect()
        };
        fields.finish().map_err(pointers)?;
        Ok(buyer.unwrap())
    }

    #[test]
    fn each_mistake_is_named_at_its_place_and_a_good_buyer_is_nobody_in_a_log() {
        let kim = read(|_| {}).unwrap();
        assert_eq!(format!("{kim:?}"), "Buyer in DK");
        for (pointer, value) in [
            ("/name", json!("")),
            ("/vatId", json!("dk12345678")),
            ("/emailAddress", json!("kim")),
            ("/address/country", json!("Denmark")),
        ] {
            let wrong = read(|buyer| *buyer.pointer_mut(pointer).unwrap() = value).unwrap_err();
            assert_eq!(wrong, [format!("/buyer{pointer}")]);
        }
    }
}
