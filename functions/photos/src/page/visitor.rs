//! Who looks at the console, and how pictures are shown to them.

use custom_handler::Request;
use staff_pages::Principal;

/// Remembers that pictures are shown without colours.
const GREYSCALE: &str = "moderation-greyscale";
const A_YEAR_SECONDS: u32 = 365 * 24 * 60 * 60;

/// A moderator.
#[derive(Debug)]
pub(crate) struct Visitor {
    pub(crate) principal: Principal,
    /// For the forms of the page.
    pub(crate) token: String,
    pub(crate) greyscale: bool,
}

/// Whether this person wants pictures without colours.
pub(super) fn wants_greyscale(request: &Request) -> bool {
    cookie(request, GREYSCALE) == Some("1")
}

/// The cookie that remembers the choice. No secret: the script writes it too.
pub(crate) fn greyscale_cookie(on: bool) -> String {
    let (value, age) = if on { ("1", A_YEAR_SECONDS) } else { ("0", 0) };
    format!("{GREYSCALE}={value}; Path=/moderation; SameSite=Strict; Max-Age={age}")
}

fn cookie<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    let cookies = request.headers().get_all("cookie").iter().filter_map(|line| line.to_str().ok());
    let mut pairs = cookies.flat_map(|line| line.split(';')).filter_map(|one| one.split_once('='));
    pairs.find(|(known, _)| known.trim() == name).map(|(_, value)| value.trim())
}
