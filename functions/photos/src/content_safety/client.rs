//! The service, and what this process has learnt about its health.

use super::{
    analysis::{self, Analysis},
    failure::Failure,
    request, response,
};
use azure_data::Identity;
use custom_handler::{Setting, Settings, SettingsError, TraceContext};
use outgoing::{Client, HeaderName, HeaderValue, Limits, Request, ServiceUrl};
use std::{str::FromStr, sync::Arc, time::Duration};

const ENDPOINT: Setting = Setting::new(
    "CONTENT_SAFETY_ENDPOINT",
    "where Azure AI Content Safety is, which looks at pictures",
    "https://iommi-dev.cognitiveservices.azure.com/",
);
const API_VERSION: Setting = Setting::new(
    "CONTENT_SAFETY_API_VERSION",
    "the version of Content Safety's API that is asked",
    "2024-09-01",
);
const KEY: Setting = Setting::new(
    "CONTENT_SAFETY_KEY",
    "the key of the Content Safety resource, only where there is no managed identity",
    "the key",
);
/// What a token of ours is for.
const SCOPE: &str = "https://cognitiveservices.azure.com/.default";
const KEY_HEADER: HeaderName = HeaderName::from_static("ocp-apim-subscription-key");

/// The service usually answers within a second; a right answer has some 200 bytes.
const LIMITS: Limits = Limits {
    try_deadline: Duration::from_secs(10),
    total_deadline: Duration::from_secs(30),
    max_request_bytes: request::MAX_BODY_BYTES,
    max_answer_bytes: 64 << 10,
    ..Limits::DEFAULT
};

#[derive(Debug)]
pub(crate) struct ContentSafety {
    endpoint: ServiceUrl,
    api_version: String,
    /// `None`: we are known by our identity.
    key: Option<Key>,
    client: Client,
}

impl ContentSafety {
    /// Reads `CONTENT_SAFETY_ENDPOINT`, `CONTENT_SAFETY_API_VERSION` and, where there is no managed identity,
    /// `CONTENT_SAFETY_KEY`. Contacts nobody.
    ///
    /// # Errors
    /// Whatever is missing or malformed is noted in `settings`.
    pub(crate) fn read(settings: &Settings) -> Result<Self, SettingsError> {
        Self::with_limits(settings, LIMITS)
    }

    pub(super) fn with_limits(settings: &Settings, limits: Limits) -> Result<Self, SettingsError> {
        let endpoint = settings.value::<ServiceUrl>(&ENDPOINT);
        let api_version = settings.text(&API_VERSION);
        let key = settings.optional_value::<Key>(&KEY);
        let (endpoint, key) = (endpoint?, key?);
        let mut client =
            Client::new("Content Safety", limits).with_clock(azure_data::clock(settings)?);
        if key.is_none() {
            let identity = Arc::new(Identity::new(endpoint.url().clone(), SCOPE));
            client = client.with_bearer(move || {
                let identity = Arc::clone(&identity);
                async move { identity.bearer().await }
            });
        }
        Ok(Self { endpoint, api_version: api_version?, key, client })
    }

    /// Asks how bad `picture` (a JPEG, PNG, GIF or WebP file of at most [`request::MAX_PICTURE_BYTES`]) is; tries
    /// again where that may help.
    ///
    /// # Errors
    /// There is no analysis; the picture must not be approved for want of one.
    pub(crate) async fn analyze(
        &self,
        picture: impl AsRef<[u8]>,
        trace: &TraceContext,
    ) -> Result<Analysis, Failure> {
        let body = request::body(picture.as_ref())?;
        drop(picture);
        let mut url = self.endpoint.at("contentsafety/image:analyze");
        url.query_pairs_mut().append_pair("api-version", &self.api_version);
        let mut request = Request::post(url)
            .body(body, "application/json")
            .headers(trace.child().headers())
            .repeatable()
            .judged_by(response::verdict);
        if let Some(Key(key)) = &self.key {
            request = request.header(KEY_HEADER, key.clone());
        }
        let answer = self.client.call(&request).await?;
        let severities = response::severities(&answer)?;
        Ok(Analysis { severities, model: analysis::model(&self.api_version, &answer) })
    }
}

/// The key of a resource; never shown.
struct Key(HeaderValue);

impl FromStr for Key {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut key = HeaderValue::from_str(text).map_err(|_| "it is not a header's value")?;
        key.set_sensitive(true);
        Ok(Self(key))
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key")
    }
}
