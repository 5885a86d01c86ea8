//! Who may call. Any Entra ID token will do, since the service listens on loopback only; a signature by key must
//! be one by the well-known key, as Azure would refuse a wrong one too.
//! <https://learn.microsoft.com/rest/api/cosmos-db/access-control-on-cosmosdb-resources>

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, Mac};
use http::StatusCode;
use percent_encoding::percent_decode_str;
use sha2::Sha256;

use super::message::{Call, Reply};

/// The key of Microsoft's Cosmos DB emulator, the same for everybody.
/// <https://learn.microsoft.com/azure/cosmos-db/emulator#authentication>
pub const COSMOS_KEY: &str =
    "C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEHLM+4QDU5DE2nQ9nDuVTqobD4b8mGGyPMbIZnqyMsEcaGQy67XIw/Jw==";

/// Refuses a request that is signed with a wrong key.
pub(super) fn check(call: &Call) -> Result<(), Reply> {
    let Some(header) = call.header("authorization") else {
        return Ok(());
    };
    let header = percent_decode_str(header).decode_utf8_lossy();
    let field = |name: &str| {
        header.split('&').find_map(|field| field.strip_prefix(name)?.strip_prefix('='))
    };
    if field("type") != Some("master") {
        return Ok(());
    }
    // A sign in base64 may have come unescaped: then decoding has left it alone, or made a blank of a plus.
    let signature = field("sig")
        .and_then(|sig| STANDARD.decode(sig.replace(' ', "+")).ok())
        .unwrap_or_default();
    if is_signed_with(COSMOS_KEY, call, &signature) {
        return Ok(());
    }
    let message = "The input authorization token can't serve the request: it is not signed with the emulator's \
                   well-known key, or for another method, path or x-ms-date than those of the request.";
    Err(Reply::error(StatusCode::UNAUTHORIZED, "Unauthorized", message))
}

fn is_signed_with(key: &str, call: &Call, signature: &[u8]) -> bool {
    let key = STANDARD.decode(key).unwrap_or_default();
    let decoded = percent_decode_str(&call.path).decode_utf8_lossy();
    // SDKs differ in whether they sign a name before or after they encode it.
    [&*decoded, &call.path].iter().any(|path| {
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).expect("HMAC takes keys of any length");
        mac.update(signed_text(call, path).as_bytes());
        mac.verify_slice(signature).is_ok()
    })
}

fn signed_text(call: &Call, path: &str) -> String {
    let (kind, link) = kind_and_link(path);
    let verb = call.method.as_str().to_ascii_lowercase();
    let date =
        call.header("x-ms-date").or(call.header("date")).unwrap_or_default().to_ascii_lowercase();
    format!("{verb}\n{kind}\n{link}\n{date}\n\n")
}

/// The type of the resource, and the resource: the parent for a feed. An offer goes by its resource id alone.
fn kind_and_link(path: &str) -> (&str, String) {
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    match segments.as_slice() {
        [] => ("", String::new()),
        ["offers", rid] => ("offers", rid.to_ascii_lowercase()),
        [.., kind, _] if segments.len().is_multiple_of(2) => (kind, segments.join("/")),
        [parent @ .., kind] => (kind, parent.join("/")),
    }
}

#[cfg(test)]
mod tests {
    use http::Method;

    use super::*;

    /// The example of Microsoft's documentation.
    #[test]
    fn the_documented_example_verifies() {
        let call = Call::to(Method::GET, &["dbs", "ToDoList"])
            .with("x-ms-date", "Thu, 27 Apr 2017 00:51:12 GMT");
        let key = "dsZQi3KtZmCv1ljt3VNWNm7sQUF1y5rJfC6kv5JiwvW0EndXdDku/dkKBp8/ufDToSxLzR4y+O/0H/t4bQtVNw==";
        let signature = STANDARD.decode("c09PEVJrgp2uQRkr934kFbTqhByc7TVr3OHyqlu+c+c=").unwrap();
        assert!(is_signed_with(key, &call, &signature));
        assert!(!is_signed_with(COSMOS_KEY, &call, &signature));
    }

    #[test]
    fn a_wrong_signature_is_refused_and_a_token_is_not() {
        let call =
            Call::to(Method::GET, &["dbs"]).with("x-ms-date", "Thu, 27 Apr 2017 00:51:12 GMT");
        assert!(
            check(&call.clone().with("authorization", "type%3dmaster%26ver%3d1.0%26sig%3dAAAA"))
                .is_err()
        );
        assert!(check(&call.with("authorization", "type%3daad%26ver%3d1.0%26sig%3dAAAA")).is_ok());
    }

    #[test]
    fn a_feed_is_signed_for_its_parent() {
        assert_eq!(kind_and_link("dbs/d/colls/c/docs"), ("docs", "dbs/d/colls/c".to_owned()));
        assert_eq!(kind_and_link("dbs/d/colls/c"), ("colls", "dbs/d/colls/c".to_owned()));
        assert_eq!(kind_and_link("offers/AbC"), ("offers", "abc".to_owned()));
        assert_eq!(kind_and_link(""), ("", String::new()));
    }
}
