//! Settings in percent signs: `orders-%REGION%`.

use std::convert::Infallible;

use serde_json::Value;

/// A binding that names a setting that there is not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{key} is {text:?}, but there is no setting {setting}")]
pub struct MissingSetting {
    /// The key of the binding, such as `queueName`.
    pub key: String,
    /// What it says.
    pub text: String,
    /// The setting that is missing.
    pub setting: String,
}

/// The text of a `function.json` with each `%SETTING%` inside its bindings replaced by what `find` finds, as the host does
/// it. A text that is no JSON stays as it is, so that its error is told with its own line and column.
///
/// # Errors
/// `find` does not find one.
pub fn with_settings(
    text: &str,
    find: impl Fn(&str) -> Option<String>,
) -> Result<String, MissingSetting> {
    let Ok(mut json) = serde_json::from_str::<Value>(text.trim_start_matches('\u{feff}')) else {
        return Ok(text.to_owned());
    };
    let bindings = json
        .get_mut("bindings")
        .and_then(Value::as_array_mut)
        .map(Vec::as_mut_slice)
        .unwrap_or_default();
    for (key, value) in bindings.iter_mut().filter_map(Value::as_object_mut).flatten() {
        if let Value::String(text) = value {
            let find = |name: &str| find(name).ok_or_else(|| name.to_owned());
            let missing =
                |setting| MissingSetting { key: key.clone(), text: text.clone(), setting };
            *text = expand_settings(text, find).map_err(missing)?;
        }
    }
    Ok(json.to_string())
}

/// A text with each `%NAME%` replaced; percent signs around what is no name of a setting stay.
///
/// ```
/// # use function_json::expand_settings;
/// let north = |name: &str| if name == "REGION" { Ok("north") } else { Err(name.to_owned()) };
/// let north = |name: &str| north(name).map(str::to_owned);
/// assert_eq!(expand_settings("orders-%REGION%", north), Ok("orders-north".to_owned()));
/// assert_eq!(expand_settings("100 % of 5%", north), Ok("100 % of 5%".to_owned()));
/// ```
///
/// # Errors
/// That of `find`.
pub fn expand_settings<E>(
    text: &str,
    find: impl Fn(&str) -> Result<String, E>,
) -> Result<String, E> {
    pieces(text).map(|piece| piece.replaced(&find)).collect()
}

/// The names of the settings that a text has in percent signs, in their order.
pub fn settings_in(text: &str) -> impl Iterator<Item = &str> {
    pieces(text).filter_map(|piece| match piece {
        Piece::Plain(_) => None,
        Piece::Setting(name) => Some(name),
    })
}

/// In lower case, but for names of settings: they are told apart by it.
pub(crate) fn lower_case(text: &str) -> String {
    let lower = pieces(text).map(|piece| match piece {
        Piece::Plain(text) => text.to_lowercase(),
        Piece::Setting(name) => format!("%{name}%"),
    });
    lower.collect()
}

enum Piece<'a> {
    Plain(&'a str),
    /// Without its percent signs.
    Setting(&'a str),
}

impl Piece<'_> {
    fn replaced<E>(&self, find: impl Fn(&str) -> Result<String, E>) -> Result<String, E> {
        match self {
            Self::Plain(text) => Ok((*text).to_owned()),
            Self::Setting(name) => find(name),
        }
    }
}

fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        if let Some((name, behind)) = rest.strip_prefix('%').and_then(|rest| rest.split_once('%'))
            && is_name(name)
        {
            rest = behind;
            return Some(Piece::Setting(name));
        }
        let sign = rest.strip_prefix('%').map_or(0, |_| 1);
        let end = rest[sign..].find('%').map_or(rest.len(), |at| at + sign);
        let (plain, behind) = rest.split_at(end);
        rest = behind;
        Some(Piece::Plain(plain))
    })
}

/// What an app setting may be called.
fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | ':' | '-'))
}

/// As [`expand_settings`], where each name has a value.
pub fn expand_all(text: &str, find: impl Fn(&str) -> String) -> String {
    let expanded = expand_settings(text, |name| Ok::<_, Infallible>(find(name)));
    match expanded {
        Ok(text) => text,
        Err(never) => match never {},
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_percent_signs_are_replaced_and_other_percent_signs_stay() {
        let shown = |text: &str| expand_all(text, |name| format!("<{name}>"));
        assert_eq!(shown("%QUEUE%-poison"), "<QUEUE>-poison");
        assert_eq!(shown("100 % of %A.b%, 5%"), "100 % of <A.b>, 5%");
        assert_eq!(shown("%%A%"), "%<A>");
        assert_eq!(shown("%a b%C%"), "%a b<C>");
        assert_eq!(shown(""), "");
        assert_eq!(settings_in("x-%A%-%B%-%").collect::<Vec<_>>(), ["A", "B"]);
    }

    #[test]
    fn a_name_of_a_setting_keeps_its_case() {
        assert_eq!(lower_case("Orders-%SUN_Region%-X"), "orders-%SUN_Region%-x");
    }

    #[test]
    fn a_binding_gets_the_value_of_its_setting_and_a_missing_one_is_named() {
        let text = r#"{"bindings": [{"queueName": "orders-%REGION%", "n": 5}]}"#;
        let north = |name: &str| (name == "REGION").then(|| "north".to_owned());
        let resolved = with_settings(text, north).unwrap();
        assert!(resolved.contains(r#""queueName":"orders-north""#), "{resolved}");
        let error = with_settings(text, |_| None).unwrap_err().to_string();
        assert_eq!(error, "queueName is \"orders-%REGION%\", but there is no setting REGION");
        assert_eq!(with_settings("no json %A%", |_| None).as_deref(), Ok("no json %A%"));
    }
}
