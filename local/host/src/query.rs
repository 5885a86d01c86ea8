//! Queries of URLs, as ASP.NET Core reads them (`QueryHelpers.ParseQuery`) and .NET writes them
//! (`Uri.EscapeDataString`).

pub(crate) use local_wire::escape;

/// The parameters of a query (without its question mark) in their order, decoded: `+` is a space, a parameter without
/// `=` has an empty value, bytes that are no UTF-8 become U+FFFD.
pub(crate) fn pairs(query: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

/// The first value of a parameter, decoded; its name ignores case.
pub(crate) fn parameter(query: &str, name: &str) -> Option<String> {
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    let (_, value) = pairs.find(|(key, _)| key.eq_ignore_ascii_case(name))?;
    Some(value.into_owned())
}

#[cfg(test)]
mod tests {
    use pretty_assertions::assert_eq;

    use super::*;

    fn owned(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn pairs_are_decoded_in_their_order() {
        let expected = owned(&[("a", "1"), ("b c", "x y z"), ("flag", ""), ("a", "=2")]);
        assert_eq!(pairs("a=1&&b+c=x%20y+z&flag&a==2"), expected);
        assert_eq!(
            pairs("plus=%2B&broken=%zz&not=%FF"),
            owned(&[("plus", "+"), ("broken", "%zz"), ("not", "\u{fffd}")])
        );
        assert_eq!(pairs(""), []);
    }

    #[test]
    fn the_first_parameter_of_a_name_counts_in_any_case() {
        let query = "x=0&FunctionName=On+Event&functionName=other";
        assert_eq!(parameter(query, "functionName").as_deref(), Some("On Event"));
        assert_eq!(parameter(query, "name"), None);
        assert_eq!(parameter("code", "code").as_deref(), Some(""));
    }

    #[test]
    fn what_is_escaped_reads_as_before() {
        let text = "a b+c&d=e/f?#%ü~-._";
        assert_eq!(escape(text), "a%20b%2Bc%26d%3De%2Ff%3F%23%25%C3%BC~-._");
        assert_eq!(parameter(&format!("t={}", escape(text)), "t").as_deref(), Some(text));
    }
}
