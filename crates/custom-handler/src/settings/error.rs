use std::fmt;

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

/// Every setting that was missing or malformed so far; of [`Settings::describing`] every setting
/// whose example does not do.
///
/// [`Settings::describing`]: crate::Settings::describing
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingsError {
    pub(super) problems: Vec<SettingProblem>,
    pub(super) describing: bool,
}

impl SettingsError {
    /// The settings, in the order in which they were read.
    pub fn problems(&self) -> &[SettingProblem] {
        &self.problems
    }
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.describing {
            write!(f, "describing the application settings:")?;
            return self.problems.iter().try_for_each(|SettingProblem { name, problem, example }| {
                write!(f, "\n  {name} {problem}; write one in place of {example:?} that the code can read")
            });
        }
        write!(f, "reading the application settings:")?;
        self.problems.iter().try_for_each(|SettingProblem { name, problem, example }| {
            write!(f, "\n  {name} {problem}; set it to something like {name}={example}")
        })
    }
}

impl std::error::Error for SettingsError {}
