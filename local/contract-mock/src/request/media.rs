//! Media types: which of a contract's a request has, and which a client takes.

/// The type without its parameters, in lower case.
pub(crate) fn essence(media: &str) -> String {
    media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

pub(crate) fn is_json(media: &str) -> bool {
    let essence = essence(media);
    essence == "application/json" || essence.ends_with("+json") || essence == "text/json"
}

/// Whether a type has no other charset than that of JSON (RFC 8259, section 8.1).
pub(crate) fn is_utf_8(media: &str) -> bool {
    let parameters = media.split(';').skip(1).filter_map(|parameter| parameter.split_once('='));
    let mut charsets = parameters.filter(|(name, _)| name.trim().eq_ignore_ascii_case("charset"));
    charsets.all(|(_, charset)| charset.trim().trim_matches('"').eq_ignore_ascii_case("utf-8"))
}

/// How well a type of a contract, such as `image/*`, takes this one: nothing if it does not, less is better.
fn takes(range: &str, essence: &str) -> Option<u8> {
    match range {
        "*/*" => Some(2),
        range if range == essence => Some(0),
        range => {
            let kind = range.strip_suffix("/*")?;
            essence.split_once('/').is_some_and(|(own, _)| own == kind).then_some(1)
        }
    }
}

/// The type of a contract that takes the one of a request.
pub(crate) fn find<'a>(known: &'a [String], given: &str) -> Option<&'a String> {
    let given = essence(given);
    let fitting = known.iter().filter_map(|range| Some((takes(&essence(range), &given)?, range)));
    fitting.min_by_key(|(rank, _)| *rank).map(|(_, range)| range)
}

/// The type of a contract that a client would like best (RFC 9110, section 12.5.1); in doubt the first.
pub(crate) fn accepted<'a>(known: &'a [String], accept: Option<&str>) -> Option<&'a String> {
    let Some(accept) = accept.filter(|accept| !accept.trim().is_empty()) else {
        return known.first();
    };
    let wishes: Vec<(String, f32)> = accept.split(',').map(wish).collect();
    let quality = |media: &String| {
        let media = essence(media);
        let fitting = wishes.iter().filter_map(|(range, quality)| {
            // A range of the contract is met by any type of it.
            let rank = takes(range, &media).or_else(|| takes(&media, range))?;
            Some((rank, *quality))
        });
        fitting.min_by_key(|(rank, _)| *rank).map_or(0.0, |(_, quality)| quality)
    };
    let mut best: Option<(&String, f32)> = None;
    for media in known {
        let quality = quality(media);
        if quality > 0.0 && best.is_none_or(|(_, so_far)| quality > so_far) {
            best = Some((media, quality));
        }
    }
    best.map(|(media, _)| media)
}

fn wish(text: &str) -> (String, f32) {
    let quality = text.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("q").then(|| value.trim().parse().ok()).flatten()
    });
    (essence(text), quality.unwrap_or(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(accept: &str) -> Option<String> {
        let known = ["application/json", "text/csv; charset=utf-8", "image/*"].map(str::to_owned);
        accepted(&known, Some(accept)).cloned()
    }

    #[test]
    fn a_client_gets_what_it_likes_best_of_what_there_is() {
        for (accept, expected) in [
            ("*/*", Some("application/json")),
            ("text/*, application/json;q=0.5", Some("text/csv; charset=utf-8")),
            ("application/json;q=0, */*", Some("text/csv; charset=utf-8")),
            ("image/png", Some("image/*")),
            ("application/xml", None),
            ("application/json;q=0", None),
            ("", Some("application/json")),
        ] {
            assert_eq!(chosen(accept).as_deref(), expected, "{accept}");
        }
    }
}
