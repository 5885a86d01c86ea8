//! What a partner says of its endpoints and deliveries.

use super::{EndpointId, EventKind, Signing};
use jiff::Timestamp;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fmt::Display;
use values::{Fields, Line, Refused, Violations};

/// Longest description, in characters.
const MAX_DESCRIPTION_CHARS: usize = 200;

/// What a partner may change of an endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EndpointTerms {
    pub(crate) url: String,
    pub(crate) types: Option<BTreeSet<EventKind>>,
    pub(crate) description: Option<String>,
}

/// The body of `POST webhook-endpoints`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewEndpoint {
    pub(crate) terms: EndpointTerms,
    /// `v1` unless the partner says otherwise: what most receivers know.
    pub(crate) signing: Signing,
}

/// The body of `PATCH webhook-endpoints/{endpointId}`, merged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EndpointPatch {
    pub(crate) terms: EndpointTerms,
    pub(crate) is_enabled: bool,
}

/// The body of `POST deliveries`: which are to be sent again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ResendRange {
    pub(crate) from: Timestamp,
    /// Before this.
    pub(crate) to: Timestamp,
    pub(crate) endpoint: Option<EndpointId>,
    pub(crate) continuation: Option<String>,
}

impl NewEndpoint {
    /// `check_url` says what is wrong with an address.
    pub(crate) fn parse<E: Display>(
        body: &Value,
        check_url: impl Fn(&str) -> Result<(), E>,
    ) -> Result<Self, Violations> {
        let mut fields = Fields::of(body)?;
        let terms = terms(&mut fields, check_url);
        let signing = fields.optional_text("signing", signing);
        fields.finish()?;
        Ok(Self { terms: terms?, signing: signing?.unwrap_or(Signing::V1) })
    }
}

impl EndpointPatch {
    pub(crate) fn parse<E: Display>(
        body: &Value,
        check_url: impl Fn(&str) -> Result<(), E>,
    ) -> Result<Self, Violations> {
        let mut fields = Fields::of(body)?;
        let terms = terms(&mut fields, check_url);
        let is_enabled = fields.text("state", state);
        fields.finish()?;
        Ok(Self { terms: terms?, is_enabled: is_enabled? })
    }
}

impl ResendRange {
    pub(crate) fn parse(body: &Value) -> Result<Self, Violations> {
        let mut fields = Fields::of(body)?;
        let from = fields.text("from", time);
        let to = fields.text("to", time);
        let endpoint = fields.optional_text("endpointId", str::parse::<EndpointId>);
        let continuation =
            fields.optional_text("continuation", |it| Ok::<_, String>(it.to_owned()));
        fields.finish()?;
        let range = Self { from: from?, to: to?, endpoint: endpoint?, continuation: continuation? };
        if range.from >= range.to {
            return Err(Violations::one("/to", "must be later than `from`"));
        }
        Ok(range)
    }
}

fn terms<E: Display>(
    fields: &mut Fields<'_>,
    check_url: impl Fn(&str) -> Result<(), E>,
) -> Result<EndpointTerms, Refused> {
    let url = fields.text("url", |url| check_url(url).map(|()| url.to_owned()));
    let description = fields.optional_text("description", |text| {
        Line::<MAX_DESCRIPTION_CHARS>::parse(text).map(|line| line.as_str().to_owned())
    });
    let types = fields.optional_value("types", kinds);
    Ok(EndpointTerms { url: url?, types: types?, description: description? })
}

fn kinds(value: &Value) -> Result<BTreeSet<EventKind>, String> {
    let names = || EventKind::ALL.map(EventKind::name).join(", ");
    let rule = || format!("must be a list of some of {}, each once, or left out for all", names());
    let list = value.as_array().filter(|list| !list.is_empty()).ok_or_else(rule)?;
    let kinds: Option<BTreeSet<EventKind>> =
        list.iter().map(|name| name.as_str().and_then(EventKind::named)).collect();
    kinds.filter(|kinds| kinds.len() == list.len()).ok_or_else(rule)
}

fn signing(text: &str) -> Result<Signing, &'static str> {
    match text {
        "v1" => Ok(Signing::V1),
        "v1a" => Ok(Signing::V1a),
        _ => Err("must be v1 (a secret that both have) or v1a (a key pair of ours)"),
    }
}

fn state(text: &str) -> Result<bool, &'static str> {
    match text {
        "enabled" => Ok(true),
        "disabled" => Ok(false),
        _ => Err("must be enabled or disabled"),
    }
}

fn time(text: &str) -> Result<Timestamp, &'static str> {
    text.parse().map_err(|_| "must be a time such as 2026-12-01T08:00:00Z")
}
