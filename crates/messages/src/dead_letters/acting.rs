//! Who acts, for the record.

use custom_handler::Request;
use public_api::Caller;
use staff_pages::Principal;

/// A caller who is nobody in particular but had a function key.
const KEY: &str = "key";

/// The id of the person who is signed in, the caller that was checked, or `key`.
#[must_use]
pub fn acting(request: &Request) -> String {
    match (Principal::of(request), Caller::of(request)) {
        (Some(principal), _) => principal.id,
        (None, Caller::Anonymous) => KEY.to_owned(),
        (None, caller) => caller.to_string(),
    }
}
