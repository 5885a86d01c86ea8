//! What a queue is called.

use std::borrow::Cow;

/// The name of a queue, or of one of several that `app.json` and `function.json` name together, with a setting in percent
/// signs: `orders-%REGION%` is declared, `orders-north` is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueName {
    declared: Cow<'static, str>,
    actual: Cow<'static, str>,
}

impl QueueName {
    /// The queue among those that are declared as `declared` whose setting `setting` has this value.
    ///
    /// ```
    /// # use azure_data::QueueName;
    /// let north = QueueName::with("orders-%REGION%", "REGION", "north");
    /// assert_eq!((north.as_str(), north.declared()), ("orders-north", "orders-%REGION%"));
    /// assert_eq!(QueueName::from("orders").as_str(), "orders");
    /// ```
    #[must_use]
    pub fn with(declared: &'static str, setting: &str, value: &str) -> Self {
        let actual = declared.replace(&format!("%{setting}%"), value);
        Self { declared: declared.into(), actual: actual.into() }
    }

    /// As the queue service knows it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.actual
    }

    /// As `app.json` and `function.json` say it.
    #[must_use]
    pub fn declared(&self) -> &str {
        &self.declared
    }

    /// The queue whose name has this behind.
    #[must_use]
    pub fn followed_by(&self, suffix: &str) -> Self {
        let with = |name: &str| Cow::Owned(format!("{name}{suffix}"));
        Self { declared: with(&self.declared), actual: with(&self.actual) }
    }
}

impl From<&'static str> for QueueName {
    fn from(name: &'static str) -> Self {
        Self { declared: name.into(), actual: name.into() }
    }
}

impl From<String> for QueueName {
    fn from(name: String) -> Self {
        Self { declared: name.clone().into(), actual: name.into() }
    }
}
