//! Who may call. Any Entra ID token will do, since the service listens on loopback only; a shared access signature must
//! be one by the well-known key, unexpired and for what is asked, as Azure would refuse others too.
//! <https://learn.microsoft.com/azure/event-hubs/authenticate-shared-access-signature>

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, Mac};
use jiff::Timestamp;
use percent_encoding::percent_decode_str;
use sha2::Sha256;

use super::refusal::Refusal;

/// The name of the rule whose key everybody knows.
const KEY_NAME: &str = "RootManageSharedAccessKey";
/// Its key, the word that the documentation of Microsoft's emulator puts in its place.
pub const EVENT_HUBS_KEY: &str = "SAS_KEY_VALUE";

/// How a shared access signature begins, over HTTP and in a token of AMQP alike.
const SIGNATURE: &str = "SharedAccessSignature ";

/// A connection string for the official SDKs, which speak AMQP: `endpoint` is `127.0.0.1:5672`.
pub fn event_hubs_connection_string(endpoint: &str) -> String {
    format!(
        "Endpoint=sb://{endpoint};SharedAccessKeyName={KEY_NAME};SharedAccessKey={EVENT_HUBS_KEY};\
         UseDevelopmentEmulator=true"
    )
}

/// Refuses a request for `path`, such as `account/messages`, without a token or with one that is not good for it.
pub(super) fn check(header: Option<&str>, path: &str, now: Timestamp) -> Result<(), Refusal> {
    match header.and_then(|header| header.split_once(' ')) {
        Some(("Bearer", token)) if !token.trim().is_empty() => Ok(()),
        Some(("SharedAccessSignature", _)) => {
            check_signature(header.unwrap_or_default(), path, now)
        }
        _ => Err(Refusal::Unauthorized(
            "there is no token: send `Authorization: Bearer` with one for https://eventhubs.azure.net, or a shared \
             access signature"
                .to_owned(),
        )),
    }
}

/// Refuses a signature that is not by the well-known key, has expired, or is for something else.
pub(super) fn check_signature(token: &str, path: &str, now: Timestamp) -> Result<(), Refusal> {
    let refused =
        |why: &str| Err(Refusal::Unauthorized(format!("the shared access signature {why}")));
    let fields = token.strip_prefix(SIGNATURE).unwrap_or_default();
    let field = |name: &str| {
        fields.split('&').find_map(|field| field.strip_prefix(name)?.strip_prefix('='))
    };
    let (Some(resource), Some(signature), Some(expiry)) = (field("sr"), field("sig"), field("se"))
    else {
        return refused("lacks sr, sig or se");
    };
    if field("skn") != Some(KEY_NAME) {
        return refused(&format!("names no key of ours in skn; it is called {KEY_NAME}"));
    }
    if !is_signed(resource, expiry, signature) {
        return refused(&format!("is not by the key {EVENT_HUBS_KEY}, or not for its sr and se"));
    }
    match expiry.parse().map(Timestamp::from_second) {
        Ok(Ok(moment)) if moment > now => {}
        _ => return refused("has expired: se is in seconds since 1970"),
    }
    if covers(resource, path) { Ok(()) } else { refused("is for another resource: see its sr") }
}

/// What is signed is the resource as it is written in the token, and the expiry.
fn is_signed(resource: &str, expiry: &str, signature: &str) -> bool {
    let signature = percent_decode_str(signature).decode_utf8_lossy();
    let Ok(signature) = STANDARD.decode(signature.as_bytes()) else { return false };
    let mut mac = Hmac::<Sha256>::new_from_slice(EVENT_HUBS_KEY.as_bytes())
        .expect("HMAC takes keys of any length");
    mac.update(format!("{resource}\n{expiry}").as_bytes());
    mac.verify_slice(&signature).is_ok()
}

/// Whether the resource is the namespace, the path itself or something above it. Host and port are not looked at: there
/// is one namespace here.
fn covers(resource: &str, path: &str) -> bool {
    let resource = percent_decode_str(resource).decode_utf8_lossy().to_lowercase();
    let resource = resource.split_once("://").map_or(&*resource, |(_, rest)| rest);
    let signed = resource.split_once('/').map_or("", |(_, path)| path).trim_matches('/');
    let path = path.trim_matches('/').to_lowercase();
    match path.strip_prefix(signed) {
        Some(rest) => signed.is_empty() || rest.is_empty() || rest.starts_with('/'),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made with another implementation.
    const TOKEN: &str = "SharedAccessSignature sr=https%3A%2F%2Fns.servicebus.windows.net%2Faccount\
                         &sig=Sqrmts2o44yVqllVj5%2ByNzq0UrlwrqtvymYUbbL2Zuo%3D&se=1800000000\
                         &skn=RootManageSharedAccessKey";

    fn now(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn a_signature_holds_for_its_resource_until_it_expires() {
        for (path, second, is_good) in [
            ("account/messages", 1_799_999_999, true),
            ("Account/partitions/2/messages", 1_799_999_999, true),
            ("account", 1_799_999_999, true),
            ("accounts/messages", 1_799_999_999, false),
            ("contact/messages", 1_799_999_999, false),
            ("account/messages", 1_800_000_000, false),
        ] {
            assert_eq!(check(Some(TOKEN), path, now(second)).is_ok(), is_good, "{path} {second}");
        }
    }

    #[test]
    fn a_changed_signature_and_a_missing_token_say_what_is_wrong() {
        for (token, why) in [
            (TOKEN.replace("1800000000", "1900000000"), "SAS_KEY_VALUE"),
            (TOKEN.replace("RootManage", "Manage"), "skn"),
            (TOKEN.replace("&se=", "&es="), "lacks"),
            ("Basic YTpi".to_owned(), "no token"),
            ("Bearer ".to_owned(), "no token"),
        ] {
            let refusal = check(Some(&token), "account", now(0)).unwrap_err().to_string();
            assert!(refusal.contains(why), "{token}: {refusal}");
        }
        assert!(check(None, "account", now(0)).is_err());
        assert!(check(Some("Bearer eyJ"), "account", now(0)).is_ok());
    }

    #[test]
    fn a_signature_for_the_namespace_is_for_everything() {
        assert!(covers("sb%3a%2f%2f127.0.0.1%3a5672%2f", "account/partitions/0"));
        assert!(covers("http%3A%2F%2F127.0.0.1%3A5300", "account"));
    }
}
