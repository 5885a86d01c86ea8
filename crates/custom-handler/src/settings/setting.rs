use serde::Serialize;

/// A setting of the application: what it is called, what it is for, and a value that would do.
///
/// ```
/// use custom_handler::{Setting, Settings};
///
/// const PAGE_SIZE: Setting =
///     Setting::new("PAGE_SIZE", "how many cakes a page of the catalogue shows", "25");
///
/// assert_eq!(Settings::from_map([("PAGE_SIZE", "40")]).value::<u32>(&PAGE_SIZE), Ok(40));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    /// The name of the app setting, which is that of the environment variable.
    pub name: &'static str,
    /// What it is for: a phrase, lower case, without a full stop.
    pub purpose: &'static str,
    /// A value that would do. The code that reads the setting must be able to read it.
    pub example: &'static str,
}

impl Setting {
    /// A setting from its parts.
    pub const fn new(name: &'static str, purpose: &'static str, example: &'static str) -> Self {
        Self { name, purpose, example }
    }
}

/// A setting as `--describe` prints it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct DescribedSetting {
    pub(crate) name: String,
    pub(crate) purpose: String,
    pub(crate) example: String,
    /// Whether the application does not start without it.
    pub(crate) required: bool,
    /// What it is where nobody says; null where the application then does without.
    pub(crate) default: Option<String>,
}
