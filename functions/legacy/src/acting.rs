//! Who acts, for the record.

use custom_handler::Request;
use iommi_app::Principal;

/// A caller who is nobody in particular but had a function key.
const KEY: &str = "key";

/// The id of the person who is signed in, or `key`.
pub(crate) fn who(request: &Request) -> String {
    Principal::of(request).map_or_else(|| KEY.to_owned(), |principal| principal.id)
}
