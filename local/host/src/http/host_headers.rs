//! What the host adds to every request to a handler.

use http::{HeaderMap, HeaderName, HeaderValue};
use uuid::Uuid;

use crate::trace::{TRACEPARENT, Trace};

/// What `X-Azure-Functions-HostVersion` says: the version of the real host that this one follows.
pub(crate) const HOST_VERSION: &str = "4.1045.0.0";

const INVOCATION_ID: HeaderName = HeaderName::from_static("x-azure-functions-invocationid");
const HOST_VERSION_HEADER: HeaderName = HeaderName::from_static("x-azure-functions-hostversion");
/// Adds what the host adds in every mode; values that the client sent are overwritten.
pub(crate) fn add_host_headers(headers: &mut HeaderMap, id: Uuid, trace: &Trace) -> HeaderValue {
    let mut text = [0; uuid::fmt::Hyphenated::LENGTH];
    let id = id.as_hyphenated().encode_lower(&mut text);
    let id = HeaderValue::from_str(id).expect("an id is hexadecimal digits and dashes");
    headers.insert(INVOCATION_ID, id.clone());
    headers.insert(HOST_VERSION_HEADER, HeaderValue::from_static(HOST_VERSION));
    headers.insert(TRACEPARENT, trace.header());
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let pair = |(name, value): &(&'static str, &'static str)| {
            (HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        pairs.iter().map(pair).collect()
    }

    #[test]
    fn the_clients_own_invocation_id_is_overwritten() {
        let mut sent = headers(&[("x-azure-functions-invocationid", "mine")]);
        let id = Uuid::from_u128(7);
        add_host_headers(&mut sent, id, &Trace::continued(None));
        assert_eq!(sent[INVOCATION_ID], id.to_string().as_str());
    }
}
