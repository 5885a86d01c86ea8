//! Application settings, read once from the environment.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// The application's settings. The Functions host passes each app setting as an environment
/// variable of the same name; `__` stands for a level of nesting.
///
/// Reading notes every setting that is missing or malformed, so that [`Settings::check`] can name
/// them all at once instead of one per start:
///
/// ```
/// # use custom_handler::{Settings, SettingsError};
/// struct Shop { endpoint: String, page_size: u32, banner: Option<String> }
///
/// fn shop(settings: &Settings) -> Result<Shop, SettingsError> {
///     let endpoint = settings.required("COSMOS__accountEndpoint", "https://shop.documents.azure.com:443/");
///     let page_size = settings.parse_or("PAGE_SIZE", 25);
///     settings.check()?;
///     Ok(Shop { endpoint: endpoint?, page_size: page_size?, banner: settings.optional("BANNER") })
/// }
///
/// let error = shop(&Settings::from_map([("PAGE_SIZE", "many")])).err().unwrap();
/// assert_eq!(error.problems().len(), 2);
/// ```
///
/// An empty value counts as missing: that is how a deployment leaves a setting out. Values never
/// appear in errors, as they may be secrets.
#[derive(Debug)]
pub struct Settings {
    values: BTreeMap<String, String>,
    problems: RefCell<Vec<SettingProblem>>,
}

/// One setting that is missing or malformed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingProblem {
    /// The setting's name.
    pub name: String,
    /// What is wrong with it.
    pub problem: String,
    /// A value that would do.
    pub example: String,
}

/// Every setting that was missing or malformed so far.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub struct SettingsError(Vec<SettingProblem>);

impl SettingsError {
    /// The settings, in the order in which they were read.
    pub fn problems(&self) -> &[SettingProblem] {
        &self.0
    }
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "reading the application settings:")?;
        for SettingProblem { name, problem, example } in &self.0 {
            write!(f, "\n  {name} {problem}; set it to something like {name}={example}")?;
        }
        Ok(())
    }
}

impl Settings {
    /// The settings of this process. Variables that are not Unicode are left out.
    pub fn from_env() -> Self {
        Self::from_map(std::env::vars_os().filter_map(|(name, value)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        }))
    }

    /// Settings from pairs, for tests.
    pub fn from_map<N: Into<String>, V: Into<String>>(
        pairs: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        let values = pairs.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        Self { values, problems: RefCell::default() }
    }

    /// A setting that need not be there.
    pub fn optional(&self, name: &str) -> Option<String> {
        self.value(name).map(str::to_owned)
    }

    /// A setting that must be there. `example` goes into the error.
    pub fn required(&self, name: &str, example: &str) -> Result<String, SettingsError> {
        self.value(name)
            .map(str::to_owned)
            .ok_or_else(|| self.note(name, "is missing".to_owned(), example))
    }

    /// A setting that must be there and be a `T`. `example` goes into the error.
    pub fn parse<T>(&self, name: &str, example: &str) -> Result<T, SettingsError>
    where
        T: FromStr<Err: fmt::Display>,
    {
        let value = self.required(name, example)?;
        value.parse().map_err(|error| self.note(name, format!("is malformed: {error}"), example))
    }

    /// A setting that may be left out and must otherwise be a `T`.
    pub fn parse_or<T>(&self, name: &str, default: T) -> Result<T, SettingsError>
    where
        T: FromStr<Err: fmt::Display> + fmt::Display,
    {
        match self.value(name) {
            None => Ok(default),
            Some(value) => value.parse().map_err(|error| {
                self.note(name, format!("is malformed: {error}"), &default.to_string())
            }),
        }
    }

    /// Fails when any setting read so far was missing or malformed, and names them all.
    pub fn check(&self) -> Result<(), SettingsError> {
        let problems = self.problems.borrow();
        if problems.is_empty() { Ok(()) } else { Err(SettingsError(problems.clone())) }
    }

    fn value(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    fn note(&self, name: &str, problem: String, example: &str) -> SettingsError {
        let mut problems = self.problems.borrow_mut();
        problems.push(SettingProblem {
            name: name.to_owned(),
            problem,
            example: example.to_owned(),
        });
        SettingsError(problems.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_read_by_kind() {
        let settings = Settings::from_map([("A", "x"), ("N", "7"), ("EMPTY", "")]);
        assert_eq!(settings.required("A", "y"), Ok("x".to_owned()));
        assert_eq!(
            (settings.optional("A"), settings.optional("EMPTY")),
            (Some("x".to_owned()), None)
        );
        assert_eq!(settings.parse::<u8>("N", "1"), Ok(7));
        assert_eq!((settings.parse_or("N", 1_u8), settings.parse_or("M", 1_u8)), (Ok(7), Ok(1)));
        assert_eq!(settings.check(), Ok(()));
    }

    #[test]
    fn one_error_names_every_missing_and_malformed_setting_and_no_value() {
        let settings = Settings::from_map([("N", "secret"), ("EMPTY", "")]);
        assert!(settings.required("URL", "https://a.example/").is_err());
        assert!(settings.required("EMPTY", "e").is_err());
        assert!(settings.parse::<u8>("N", "7").is_err());
        assert!(settings.parse_or("N", 3_u8).is_err());
        assert_eq!(
            settings.check().unwrap_err().to_string(),
            "reading the application settings:\n  \
             URL is missing; set it to something like URL=https://a.example/\n  \
             EMPTY is missing; set it to something like EMPTY=e\n  \
             N is malformed: invalid digit found in string; set it to something like N=7\n  \
             N is malformed: invalid digit found in string; set it to something like N=3"
        );
    }
}
