use outgoing::HeaderValue;
use std::str::FromStr;

/// A key as it is sent; never shown.
pub(super) struct Bearer(HeaderValue);

impl Bearer {
    pub(super) fn header(&self) -> HeaderValue {
        self.0.clone()
    }
}

impl FromStr for Bearer {
    type Err = &'static str;

    fn from_str(key: &str) -> Result<Self, Self::Err> {
        let value = HeaderValue::from_str(&format!("Bearer {key}"));
        let mut value = value.map_err(|_| "it is not a header's value")?;
        value.set_sensitive(true);
        Ok(Self(value))
    }
}

impl std::fmt::Debug for Bearer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Bearer")
    }
}
