//! Whose a thing is: whether the caller may touch what belongs to a profile. One place for all apps, and off until there
//! is a sign-in for customers whose tokens name their profile.

use crate::Caller;
use custom_handler::{Setting, Settings, SettingsError};
use std::{collections::BTreeSet, fmt::Display, str::FromStr};

/// Who may touch what is not theirs. Left out, everybody may: whose a profile is, is not asked.
pub const PROFILE_OWNERS: Setting = Setting::new(
    "PROFILE_OWNERS",
    "once persons may touch their own profile only: the callers that may touch all, as in the caller's header, \
     separated by commas; left out, everybody may touch all",
    "partner/acme,anonymous",
);
/// How the list names callers that nobody has checked, such as our own apps past the gateway.
const ANONYMOUS: &str = "anonymous";

/// Whether callers are held to what is theirs.
///
/// A person owns the profile whose id is the person's own in [`CALLER_HEADER`](crate::CALLER_HEADER): so the gateway must put the token's claim
/// of the profile there (README, "Before going live"). Answer what somebody else owns as what is not there: whether a
/// profile exists is nobody's business.
#[derive(Debug, Clone, Default)]
pub struct Ownership {
    /// `None`: nobody is held to anything.
    exempt: Option<BTreeSet<String>>,
}

/// The setting names something that is no caller.
#[derive(Debug, thiserror::Error)]
#[error(
    "must be callers such as partner/acme or person/<id>, or anonymous, separated by commas, not {0:?}"
)]
pub struct NoCaller(String);

impl FromStr for Ownership {
    type Err = NoCaller;
    fn from_str(text: &str) -> Result<Self, NoCaller> {
        let mut exempt = BTreeSet::new();
        for name in text.split(',').map(str::trim) {
            if name != ANONYMOUS && Caller::named(name) == Caller::Anonymous {
                return Err(NoCaller(name.to_owned()));
            }
            exempt.insert(name.to_owned());
        }
        Ok(Self { exempt: Some(exempt) })
    }
}

impl Ownership {
    /// Reads [`PROFILE_OWNERS`].
    ///
    /// # Errors
    /// What is malformed is noted in `settings`, which reports all of it at once.
    pub fn read(settings: &Settings) -> Result<Self, SettingsError> {
        Ok(settings.optional_value(&PROFILE_OWNERS)?.unwrap_or_default())
    }

    /// Whether the caller may touch what belongs to this profile.
    #[must_use]
    pub fn allows(&self, caller: &Caller, profile: impl Display) -> bool {
        self.allows_all(caller)
            || caller.person().is_some_and(|person| person.as_str() == profile.to_string())
    }

    /// Whether the caller may touch every profile, and so see a list of them.
    #[must_use]
    pub fn allows_all(&self, caller: &Caller) -> bool {
        self.exempt.as_ref().is_none_or(|exempt| exempt.contains(&caller.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "01980c6e-1111-7000-8000-000000000001";

    fn caller(name: &str) -> Caller {
        Caller::named(name)
    }

    #[test]
    fn left_out_nobody_is_held_to_anything() {
        let ownership = Ownership::default();
        assert!(
            ownership.allows(&Caller::Anonymous, ID) && ownership.allows_all(&Caller::Anonymous)
        );
    }

    #[test]
    fn a_person_may_touch_their_own_and_who_is_named_may_touch_all() {
        let ownership: Ownership = "partner/acme, anonymous".parse().unwrap();
        let person = caller(&format!("person/{ID}"));
        assert!(ownership.allows(&person, ID) && !ownership.allows_all(&person));
        assert!(!ownership.allows(&person, "01980c6e-1111-7000-8000-000000000002"));
        assert!(ownership.allows(&caller("partner/acme"), ID));
        assert!(!ownership.allows(&caller("partner/globex"), ID));
        assert!(!ownership.allows(&caller(&format!("partner/{ID}")), ID));
        assert!(ownership.allows(&Caller::Anonymous, ID));
        let strict: Ownership = "partner/acme".parse().unwrap();
        assert!(!strict.allows(&Caller::Anonymous, ID));
    }

    #[test]
    fn what_is_no_caller_is_refused() {
        for wrong in ["", "acme", "partner/", "partner/acme,"] {
            assert!(wrong.parse::<Ownership>().is_err(), "{wrong:?}");
        }
    }
}
