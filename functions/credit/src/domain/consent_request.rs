//! What a partner asks a person for, and what a partner tells of itself.

use super::{MAX_RETURN_URLS, Reference};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use values::{Fields, Violations};

/// Longest URL, in bytes.
const MAX_URL_BYTES: usize = 1_024;
/// What people may be sent back to.
const URL_RULE: &str =
    "must be an https URL of at most 1024 bytes, without user, query and fragment";
/// Most days of history, and how many it is unless somebody says.
const MAX_DAYS: u16 = 730;
const DEFAULT_DAYS: u16 = 180;
/// Longest time for which a consent is good, since what seals its token is gone soon after; and how long it is unless somebody says.
const MAX_VALID: SignedDuration = SignedDuration::from_hours(7 * 24);
const DEFAULT_VALID: SignedDuration = SignedDuration::from_hours(7 * 24);
/// A consent that ends before a person has read it is none.
const MIN_VALID: SignedDuration = SignedDuration::from_mins(10);

/// The body of `POST consents`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewConsent {
    pub(crate) reference: Reference,
    pub(crate) days: u16,
    pub(crate) return_url: String,
    valid_until: Option<Timestamp>,
}

impl NewConsent {
    pub(crate) fn parse(body: &Value, now: Timestamp) -> Result<Self, Violations> {
        let mut fields = Fields::of(body)?;
        let reference = fields.text("customerReference", str::parse);
        let days = fields.optional_integer("days", |days| {
            let days = u16::try_from(days).ok().filter(|days| (1..=MAX_DAYS).contains(days));
            days.ok_or("must be 1 to 730 days")
        });
        let return_url = fields.text("returnUrl", url);
        let valid_until = fields.optional_text("validUntil", |text| valid_until(text, now));
        fields.finish()?;
        Ok(Self {
            reference: reference?,
            days: days?.unwrap_or(DEFAULT_DAYS),
            return_url: return_url?,
            valid_until: valid_until?,
        })
    }

    /// From then on it is over.
    pub(crate) fn valid_until(&self, now: Timestamp) -> Timestamp {
        self.valid_until.unwrap_or_else(|| now.saturating_add(DEFAULT_VALID).unwrap_or(now))
    }
}

/// The body of `PUT partner`: where its people may return to.
pub(crate) fn parse_return_urls(
    body: &Value,
    may_lead_to: impl Fn(&str) -> bool,
) -> Result<Vec<String>, Violations> {
    let Some(Value::Array(list)) = body.get("returnUrls") else {
        return Err(Violations::one("/returnUrls", "must be a list of URLs"));
    };
    let others = body.as_object().into_iter().flatten().find(|(name, _)| *name != "returnUrls");
    if let Some((name, _)) = others {
        return Err(Violations::one(format!("/{name}"), "is not known here: leave it out"));
    }
    if list.len() > MAX_RETURN_URLS {
        return Err(Violations::one("/returnUrls", "must have at most 10 URLs"));
    }
    let mut urls: Vec<String> = Vec::new();
    for (at, text) in list.iter().enumerate() {
        let place = format!("/returnUrls/{at}");
        let url = text.as_str().ok_or("must be a text").and_then(url);
        let url = url.and_then(|url| if may_lead_to(&url) { Ok(url) } else { Err(URL_RULE) });
        let url = url.map_err(|what| Violations::one(&place, what))?;
        if urls.contains(&url) {
            return Err(Violations::one(place, "is there twice"));
        }
        urls.push(url);
    }
    Ok(urls)
}

/// Text that can stand in a header; whether people may be sent there is known elsewhere.
fn url(text: &str) -> Result<String, &'static str> {
    let fits = text.len() <= MAX_URL_BYTES && text.bytes().all(|b| b.is_ascii_graphic());
    if fits { Ok(text.to_owned()) } else { Err(URL_RULE) }
}

fn valid_until(text: &str, now: Timestamp) -> Result<Timestamp, &'static str> {
    const RULE: &str = "must be a time such as 2026-12-31T12:00:00Z, 10 minutes to 7 days from now";
    let until: Timestamp = text.parse().map_err(|_| RULE)?;
    let left = until.duration_since(now);
    if (MIN_VALID..=MAX_VALID).contains(&left) { Ok(until) } else { Err(RULE) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn now() -> Timestamp {
        "2026-12-01T08:00:00Z".parse().unwrap()
    }

    #[test]
    fn what_is_left_out_is_half_a_year_and_a_week() {
        let body = json!({ "customerReference": "k", "returnUrl": "https://p.example/back" });
        let new = NewConsent::parse(&body, now()).unwrap();
        assert_eq!(
            (new.days, new.valid_until(now())),
            (180, "2026-12-08T08:00:00Z".parse().unwrap())
        );
    }

    #[test]
    fn what_is_wrong_is_named() {
        let right = json!({ "customerReference": "k", "returnUrl": "https://p.example/back" });
        for (name, value) in [
            ("days", json!(0)),
            ("days", json!(731)),
            ("returnUrl", json!("https://p.example/\u{7}")),
            ("validUntil", json!("2026-12-01T08:05:00Z")),
            ("validUntil", json!("2027-12-01T08:05:00Z")),
            ("validUntil", json!("tomorrow")),
            ("customerReference", json!("")),
            ("purpose", json!("x")),
        ] {
            let mut body = right.clone();
            body[name] = value;
            let violations = NewConsent::parse(&body, now()).unwrap_err();
            assert_eq!(violations.as_slice()[0].pointer, format!("/{name}"), "{body}");
        }
    }

    #[test]
    fn a_partner_has_ten_places_at_most_and_each_once() {
        let urls = |urls: Vec<String>| {
            parse_return_urls(&json!({ "returnUrls": urls }), |url| !url.contains("evil"))
        };
        let many = |count: usize| (0..count).map(|n| format!("https://p.example/{n}")).collect();
        assert_eq!(urls(many(10)).unwrap().len(), 10);
        assert!(urls(many(11)).is_err());
        assert!(urls(vec!["https://evil.example/".into()]).is_err());
        assert!(urls(vec!["https://p.example/".into(); 2]).is_err());
        assert!(parse_return_urls(&json!({ "returnUrls": [7] }), |_| true).is_err());
        assert!(parse_return_urls(&json!([]), |_| true).is_err());
    }
}
