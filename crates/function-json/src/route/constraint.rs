use regex_lite::Regex;

/// What a route parameter's value must look like. Any other constraint is refused when the template
/// is read.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Constraint {
    /// `int`: a 32-bit integer.
    Int,
    /// `long`: a 64-bit integer.
    Long,
    /// `bool`: true or false, in any case.
    Bool,
    /// `datetime`: a date, or a date and a time.
    DateTime,
    /// `decimal`: digits with an optional sign and fraction.
    Decimal,
    /// `double`: a number, perhaps with an exponent.
    Double,
    /// `float`: a number, perhaps with an exponent.
    Float,
    /// `guid`: 32 hexadecimal digits, with or without dashes, braces or parentheses.
    Guid,
    /// `minlength(n)`, in UTF-16 units as .NET counts.
    MinLength(usize),
    /// `maxlength(n)`, in UTF-16 units.
    MaxLength(usize),
    /// `length(n)` or `length(least,most)`, in UTF-16 units.
    Length(usize, usize),
    /// `min(n)`: a 64-bit integer of at least n.
    Min(i64),
    /// `max(n)`: a 64-bit integer of at most n.
    Max(i64),
    /// `range(least,most)`: a 64-bit integer between the two, both included.
    Range(i64, i64),
    /// `alpha`: ASCII letters only.
    Alpha,
    /// `regex(expression)`, in any case, found anywhere in the value.
    Regex(Regex),
    /// `required`: not empty.
    Required,
}

const KNOWN: &str = "int, long, bool, datetime, decimal, double, float, guid, minlength(n), maxlength(n), length(n), \
                     length(n,m), min(n), max(n), range(n,m), alpha, regex(…), required";

impl Constraint {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let (name, argument) = match text.split_once('(') {
            Some((name, rest)) => {
                let argument = rest.strip_suffix(')');
                (
                    name,
                    Some(
                        argument
                            .ok_or_else(|| format!("constraint `{text}` lacks its `)`; add it"))?,
                    ),
                )
            }
            None => (text, None),
        };
        let refused = || format!("constraint `{text}` is not known; use one of {KNOWN}");
        match (name.to_ascii_lowercase().as_str(), argument) {
            ("int", None) => Ok(Self::Int),
            ("long", None) => Ok(Self::Long),
            ("bool", None) => Ok(Self::Bool),
            ("datetime", None) => Ok(Self::DateTime),
            ("decimal", None) => Ok(Self::Decimal),
            ("double", None) => Ok(Self::Double),
            ("float", None) => Ok(Self::Float),
            ("guid", None) => Ok(Self::Guid),
            ("alpha", None) => Ok(Self::Alpha),
            ("required", None) => Ok(Self::Required),
            ("minlength", Some(n)) => number(n).map(Self::MinLength).ok_or_else(refused),
            ("maxlength", Some(n)) => number(n).map(Self::MaxLength).ok_or_else(refused),
            ("length", Some(n)) => {
                pair(n).map(|(least, most)| Self::Length(least, most)).ok_or_else(refused)
            }
            ("min", Some(n)) => number(n).map(Self::Min).ok_or_else(refused),
            ("max", Some(n)) => number(n).map(Self::Max).ok_or_else(refused),
            ("range", Some(n)) if n.contains(',') => {
                pair(n).map(|(least, most)| Self::Range(least, most)).ok_or_else(refused)
            }
            ("regex", Some(expression)) => regex(expression),
            _ => Err(refused()),
        }
    }

    /// Whether a decoded value passes.
    pub fn accepts(&self, value: &str) -> bool {
        let units = || value.encode_utf16().count();
        let whole = || number::<i64>(value);
        match self {
            Self::Int => number::<i32>(value).is_some(),
            Self::Long => whole().is_some(),
            Self::Bool => {
                ["true", "false"].iter().any(|word| word.eq_ignore_ascii_case(value.trim()))
            }
            Self::DateTime => is_date_time(value.trim()),
            Self::Decimal => is_decimal(value.trim()),
            Self::Double | Self::Float => is_number(value.trim()),
            Self::Guid => is_guid(value.trim()),
            Self::MinLength(least) => units() >= *least,
            Self::MaxLength(most) => units() <= *most,
            Self::Length(least, most) => (*least..=*most).contains(&units()),
            Self::Min(least) => whole().is_some_and(|n| n >= *least),
            Self::Max(most) => whole().is_some_and(|n| n <= *most),
            Self::Range(least, most) => whole().is_some_and(|n| (*least..=*most).contains(&n)),
            Self::Alpha => value.bytes().all(|b| b.is_ascii_alphabetic()),
            Self::Regex(expression) => expression.is_match(value),
            Self::Required => !value.is_empty(),
        }
    }
}

fn number<T: std::str::FromStr>(text: &str) -> Option<T> {
    text.trim().parse().ok()
}

/// `n` or `n,m`; the first may not exceed the second.
fn pair<T: std::str::FromStr + PartialOrd + Copy>(text: &str) -> Option<(T, T)> {
    let (least, most) = text.split_once(',').unwrap_or((text, text));
    let (least, most) = (number(least)?, number(most)?);
    (least <= most).then_some((least, most))
}

fn regex(expression: &str) -> Result<Constraint, String> {
    let built = regex_lite::RegexBuilder::new(expression).case_insensitive(true).build();
    built
        .map(Constraint::Regex)
        .map_err(|error| format!("regex `{expression}` is not one: {error}; correct it"))
}

fn is_decimal(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    all_digits(whole) && all_digits(fraction) && !(whole.is_empty() && fraction.is_empty())
}

fn is_number(text: &str) -> bool {
    // Rust also reads words such as `inf`; .NET has its own, which nobody puts into a path.
    text.bytes().all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b)) && text.parse::<f64>().is_ok()
}

fn is_guid(text: &str) -> bool {
    let bare = match (text.as_bytes().first(), text.as_bytes().last()) {
        (Some(b'{'), Some(b'}')) | (Some(b'('), Some(b')')) if text.len() == 38 => &text[1..37],
        _ if text.len() == 32 || text.len() == 36 => text,
        _ => return false,
    };
    let dashes = [8, 13, 18, 23];
    bare.bytes().enumerate().all(|(at, b)| {
        if bare.len() == 36 && dashes.contains(&at) { b == b'-' } else { b.is_ascii_hexdigit() }
    })
}

/// ISO 8601 forms and `MM/dd/yyyy`: what .NET's invariant culture reads and people put into paths.
fn is_date_time(text: &str) -> bool {
    let (date, time) = match text.split_once(['T', 't', ' ']) {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    is_date(date) && time.is_none_or(is_time)
}

fn is_date(text: &str) -> bool {
    let fields: Vec<u32> = text.split(['-', '/']).map_while(number).collect();
    let [a, b, c] = fields[..] else { return false };
    let (year, month, day) = if text.contains('/') { (c, a, b) } else { (a, b, c) };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        1..=12 => 31,
        _ => return false,
    };
    text.split(['-', '/']).count() == 3 && (1..=9999).contains(&year) && (1..=days).contains(&day)
}

fn is_time(text: &str) -> bool {
    let clock = match text.find(['Z', 'z', '+', '-']) {
        Some(at) if is_zone(&text[at..]) => &text[..at],
        Some(_) => return false,
        None => text,
    };
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let fields: Vec<&str> = clock.split(':').collect();
    let within =
        |text: &str, most: u32| text.len() == 2 && number::<u32>(text).is_some_and(|n| n <= most);
    let clock_reads = match fields[..] {
        [hour, minute] => within(hour, 23) && within(minute, 59),
        [hour, minute, second] => within(hour, 23) && within(minute, 59) && within(second, 59),
        _ => false,
    };
    clock_reads && !fraction.is_empty() && fraction.bytes().all(|b| b.is_ascii_digit())
}

fn is_zone(text: &str) -> bool {
    if text.eq_ignore_ascii_case("z") {
        return true;
    }
    let Some((hours, minutes)) = text[1..].split_once(':') else {
        return false;
    };
    let within =
        |text: &str, most: u32| text.len() == 2 && number::<u32>(text).is_some_and(|n| n <= most);
    within(hours, 14) && within(minutes, 59)
}
