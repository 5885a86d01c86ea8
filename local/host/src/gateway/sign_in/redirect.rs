//! Where a browser is sent after signing in or out: to a path of this gateway, never to another site.

/// The place that a query or form names, or `/` for any place that is not here.
pub(super) fn place(pairs: &[(String, String)], name: &str) -> String {
    let asked = pairs.iter().find(|(known, _)| known == name).map(|(_, place)| place.as_str());
    asked.filter(|place| is_here(place)).unwrap_or("/").to_owned()
}

/// One slash and no more at the start: browsers take `//` and `/\` for another host, and leave out tabs and line
/// breaks before they look.
fn is_here(place: &str) -> bool {
    let rest = place.strip_prefix('/');
    rest.is_some_and(|rest| !rest.starts_with('/'))
        && place.bytes().all(|b| b.is_ascii_graphic() && b != b'\\')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_path_of_this_gateway_is_gone_to() {
        for good in ["/", "/moderation/", "/moderation/?state=review&after=x#top", "/a//b"] {
            assert!(is_here(good), "{good}");
        }
        for bad in [
            "",
            "//evil.example/",
            "/\\evil.example/",
            "\\\\evil.example",
            "https://evil.example/",
            "javascript:alert(1)",
            "moderation/",
            "/\t/evil.example",
            "/a\r\nset-cookie: a=b",
            " //evil.example",
        ] {
            assert!(!is_here(bad), "{bad:?}");
            assert_eq!(place(&[("to".into(), bad.into())], "to"), "/");
        }
    }
}
