//! Amounts in JSON: `{"amount": "9.90", "currency": "EUR"}`. Never a JSON number: readers make floats of those.

use crate::{Currency, Money, money::parse_amount};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use std::borrow::Cow;

#[derive(Serialize, Deserialize)]
struct Written<'a> {
    #[serde(borrow)]
    amount: Cow<'a, str>,
    #[serde(borrow)]
    currency: Cow<'a, str>,
}

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (amount, currency) = (self.amount_text().into(), self.currency().code().into());
        Written { amount, currency }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Written { amount, currency } = Written::deserialize(deserializer)?;
        let amount = parse_amount(&amount).map_err(|e| D::Error::custom(format!("amount {e}")))?;
        let currency =
            currency.parse::<Currency>().map_err(|e| D::Error::custom(format!("currency {e}")))?;
        Ok(Self::new(amount, currency))
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Cow::<'de, str>::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}
