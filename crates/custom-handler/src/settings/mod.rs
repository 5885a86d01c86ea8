//! Application settings, read once from the environment.

mod error;
mod setting;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use crate::describe::Description;

pub use error::{SettingProblem, SettingsError};
pub(crate) use setting::DescribedSetting;
pub use setting::Setting;

/// The application's settings. The Functions host passes each app setting as an environment
/// variable of the same name; `__` stands for a level of nesting.
///
/// Reading notes every setting that is missing or malformed, so that [`Settings::check`] can name
/// them all at once instead of one per start:
///
/// ```
/// # use custom_handler::{Setting, Settings, SettingsError};
/// const ENDPOINT: Setting = Setting::new(
///     "COSMOS__accountEndpoint", "where the documents are", "https://shop.documents.azure.com:443/");
/// const PAGE_SIZE: Setting = Setting::new("PAGE_SIZE", "how many cakes a page shows", "25");
/// const BANNER: Setting = Setting::new("BANNER", "what stands above every page", "Cake day!");
///
/// struct Shop { endpoint: String, page_size: u32, banner: Option<String> }
///
/// fn shop(settings: &Settings) -> Result<Shop, SettingsError> {
///     let endpoint = settings.text(&ENDPOINT);
///     let page_size = settings.value_or(&PAGE_SIZE, 25);
///     let banner = settings.optional_text(&BANNER);
///     settings.check()?;
///     Ok(Shop { endpoint: endpoint?, page_size: page_size?, banner })
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
    source: Source,
    problems: RefCell<Vec<SettingProblem>>,
    description: Description,
}

#[derive(Debug)]
enum Source {
    Values(BTreeMap<String, String>),
    /// Every setting is its own example, and what was read is noted.
    Examples(RefCell<Vec<DescribedSetting>>),
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
        Self::of(Source::Values(values), Description::off())
    }

    /// Settings that answer every read with the setting's example and note what was read: by them
    /// an application describes itself without being set up ([`describe`](crate::describe)).
    /// [`Settings::check`] then names the settings whose example does not parse.
    pub fn describing() -> Self {
        Self::of(Source::Examples(RefCell::default()), Description::on())
    }

    fn of(source: Source, description: Description) -> Self {
        Self { source, problems: RefCell::default(), description }
    }

    /// A setting that must be there.
    pub fn text(&self, setting: &Setting) -> Result<String, SettingsError> {
        let value = self.look_up(setting, true, None);
        value.ok_or_else(|| self.note(setting, "is missing".to_owned()))
    }

    /// A setting that must be there and be a `T`.
    pub fn value<T>(&self, setting: &Setting) -> Result<T, SettingsError>
    where
        T: FromStr<Err: fmt::Display>,
    {
        let value = self.text(setting)?;
        self.parsed(setting, &value)
    }

    /// A setting that may be left out and must otherwise be a `T`.
    pub fn value_or<T>(&self, setting: &Setting, default: T) -> Result<T, SettingsError>
    where
        T: FromStr<Err: fmt::Display> + fmt::Display,
    {
        match self.look_up(setting, false, Some(&default)) {
            None => Ok(default),
            Some(value) => self.parsed(setting, &value),
        }
    }

    /// A setting that need not be there and must otherwise be a `T`.
    pub fn optional_value<T>(&self, setting: &Setting) -> Result<Option<T>, SettingsError>
    where
        T: FromStr<Err: fmt::Display>,
    {
        let value = self.look_up(setting, false, None);
        value.map(|value| self.parsed(setting, &value)).transpose()
    }

    /// A setting that need not be there.
    pub fn optional_text(&self, setting: &Setting) -> Option<String> {
        self.look_up(setting, false, None)
    }

    /// What the platform says of the place where the application runs, such as `REGION_NAME`: no
    /// setting that somebody gives to the application, and so never described.
    pub fn platform(&self, name: &str) -> Option<String> {
        match &self.source {
            Source::Values(values) => given(values, name),
            Source::Examples(_) => None,
        }
    }

    /// Where a folder of files is that `app.json` names under `files`: in the package beside `host.json`, or where the local
    /// host says.
    pub fn files(&self, name: &str) -> PathBuf {
        match self.platform(&format!("FILES__{name}")) {
            Some(folder) => folder.into(),
            None => {
                let package = self.platform("FUNCTIONS_APP_ROOT_PATH").unwrap_or_default();
                PathBuf::from(package).join(name)
            }
        }
    }

    /// Fails when any setting read so far was missing or malformed, and names them all.
    pub fn check(&self) -> Result<(), SettingsError> {
        if self.problems.borrow().is_empty() { Ok(()) } else { Err(self.error()) }
    }

    /// Where what is made from these settings notes what it will use: see [`Description`].
    pub fn description(&self) -> Description {
        self.description.clone()
    }

    /// What was read so far from [`Settings::describing`].
    pub(crate) fn described(&self) -> Vec<DescribedSetting> {
        match &self.source {
            Source::Values(_) => Vec::new(),
            Source::Examples(read) => read.borrow().clone(),
        }
    }

    /// Notes that a setting, though it can be read, does not go together with others; `problem` goes on behind its name.
    pub fn refuse(&self, setting: &Setting, problem: impl Into<String>) -> SettingsError {
        self.note(setting, problem.into())
    }

    fn parsed<T>(&self, setting: &Setting, value: &str) -> Result<T, SettingsError>
    where
        T: FromStr<Err: fmt::Display>,
    {
        let what = match &self.source {
            Source::Values(_) => "is malformed",
            Source::Examples(_) => "has an example that is malformed",
        };
        value.parse().map_err(|error| self.note(setting, format!("{what}: {error}")))
    }

    fn look_up(
        &self,
        setting: &Setting,
        required: bool,
        default: Option<&dyn fmt::Display>,
    ) -> Option<String> {
        match &self.source {
            Source::Values(values) => given(values, setting.name),
            Source::Examples(read) => {
                let mut read = read.borrow_mut();
                match read.iter_mut().find(|known| known.name == setting.name) {
                    Some(known) => known.required |= required,
                    None => read.push(DescribedSetting {
                        name: setting.name.to_owned(),
                        purpose: setting.purpose.to_owned(),
                        example: setting.example.to_owned(),
                        required,
                        default: default.map(ToString::to_string),
                    }),
                }
                Some(setting.example.to_owned())
            }
        }
    }

    fn note(&self, setting: &Setting, problem: String) -> SettingsError {
        self.problems.borrow_mut().push(SettingProblem {
            name: setting.name.to_owned(),
            problem,
            example: setting.example.to_owned(),
        });
        self.error()
    }

    fn error(&self) -> SettingsError {
        SettingsError {
            problems: self.problems.borrow().clone(),
            describing: matches!(self.source, Source::Examples(_)),
        }
    }
}

fn given(values: &BTreeMap<String, String>, name: &str) -> Option<String> {
    values.get(name).filter(|value| !value.is_empty()).cloned()
}

#[cfg(test)]
mod tests;
