use crate::domain::{
    AttemptFailed, Disabled, DisabledBecause, Endpoint, EndpointId, EventKind, Signing,
};
use crate::store::Secrets;
use jiff::Timestamp;
use public_api::versions::Versioned;
use sealing::SealingError;
use serde::Serialize;
use serde_json::{Value, json};
use values::Revision;

/// `WebhookEndpoint` in contract/webhooks.yaml.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EndpointView {
    id: EndpointId,
    url: String,
    types: Option<Vec<&'static str>>,
    description: Option<String>,
    signing: Signing,
    state: &'static str,
    disabled: Option<DisabledView>,
    trouble: Option<TroubleView>,
    /// In the answer that made it, and in no other.
    secret: Option<String>,
    public_key: Option<String>,
    secrets: Vec<SecretView>,
    created_at: Timestamp,
    revision: Revision,
}

/// `DisabledEndpoint`.
#[derive(Debug, Serialize)]
struct DisabledView {
    reason: DisabledBecause,
    at: Timestamp,
    detail: &'static str,
}

/// `EndpointTrouble`.
#[derive(Debug, Serialize)]
struct TroubleView {
    reason: AttemptFailed,
    since: Timestamp,
}

/// `EndpointSecret`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct SecretView {
    since: Timestamp,
    signs_until: Option<Timestamp>,
    public_key: Option<String>,
}

impl Versioned for EndpointView {
    fn revision(&self) -> Revision {
        self.revision
    }
}

impl EndpointView {
    pub(crate) fn of(
        it: &Endpoint,
        secrets: &Secrets,
        now: Timestamp,
    ) -> Result<Self, SealingError> {
        let secret = |secret: &crate::domain::EndpointSecret| SecretView {
            since: secret.since,
            signs_until: secret.until,
            public_key: secret.public_key.clone(),
        };
        let names = |kinds: &std::collections::BTreeSet<EventKind>| {
            kinds.iter().map(|kind| kind.name()).collect()
        };
        Ok(Self {
            id: it.id,
            url: secrets.open_for_long(&it.url, &it.id.to_string())?,
            types: it.types.as_ref().map(names),
            description: it.description.clone(),
            signing: it.signing,
            state: if it.disabled.is_some() { "disabled" } else { "enabled" },
            disabled: it.disabled.map(disabled),
            trouble: it.trouble.map(|it| TroubleView { reason: it.reason, since: it.since }),
            secret: None,
            public_key: it.secrets.first().and_then(|secret| secret.public_key.clone()),
            secrets: it.valid_secrets(now).map(secret).collect(),
            created_at: it.created_at,
            revision: it.revision,
        })
    }

    /// Where it stands in the list: ids sort by the time they were made.
    pub(crate) fn position(&self) -> String {
        self.id.to_string()
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// What a partner may change of it.
    pub(crate) fn changeable(&self) -> Value {
        json!({
            "url": self.url, "types": self.types, "description": self.description,
            "state": self.state,
        })
    }

    /// With the secret, for the one answer that shows it.
    pub(crate) fn showing(self, secret: Option<String>) -> Self {
        Self { secret, ..self }
    }
}

fn disabled(it: Disabled) -> DisabledView {
    let detail = match it.reason {
        DisabledBecause::Gone => {
            "it answered 410: PATCH it to `enabled` when it wants to hear again"
        }
        DisabledBecause::Failing => {
            "nothing but failures for five days: mend it, PATCH it to `enabled`, and have what it missed sent again"
        }
        DisabledBecause::Partner => "you disabled it",
    };
    DisabledView { reason: it.reason, at: it.at, detail }
}
