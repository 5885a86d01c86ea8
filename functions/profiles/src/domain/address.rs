//! A postal address.

use serde::{Deserialize, Serialize};
use values::{Fields, Line, Refused};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PostalAddress {
    pub(crate) street: Line<200>,
    pub(crate) city: Line<100>,
    /// Not every country has postal codes.
    pub(crate) postal_code: Option<Line<16>>,
    pub(crate) country: Country,
}

impl PostalAddress {
    pub(super) fn read(fields: &mut Fields<'_>) -> Result<Self, Refused> {
        let street = fields.text("street", Line::parse);
        let city = fields.text("city", Line::parse);
        let postal_code = fields.optional_text("postalCode", Line::parse);
        let country = fields.text("country", Country::parse);
        Ok(Self { street: street?, city: city?, postal_code: postal_code?, country: country? })
    }
}

/// ISO 3166-1 alpha-2, upper case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Country(String);

impl Country {
    fn parse(text: &str) -> Result<Self, String> {
        if rust_iso3166::from_alpha2(text).is_some() {
            return Ok(Self(text.to_owned()));
        }
        Err("must be a country code of two capital letters (ISO 3166-1 alpha-2) such as DE".into())
    }
}

impl TryFrom<String> for Country {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_are_two_capital_letters_that_exist() {
        assert!(Country::parse("DE").is_ok());
        for bad in ["de", "DEU", "XX", "", "Germany"] {
            assert!(Country::parse(bad).is_err(), "{bad}");
        }
    }
}
