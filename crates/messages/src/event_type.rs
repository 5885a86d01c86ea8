//! The names of what happens.

use std::fmt;

/// What an event says happened: `com.iommi.<app>.<what>.v<number>`. One type has one schema, `messages/` of the app that
/// sends it.
///
/// ```
/// use messages::EventType;
/// const BAKED: EventType = EventType::new("com.iommi.bakery.baked.v1");
/// assert_eq!(BAKED.name(), "com.iommi.bakery.baked.v1");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventType(&'static str);

impl EventType {
    /// The type of this name.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self(name)
    }

    /// Its name, as in the attribute `type` of CloudEvents.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for EventType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}
