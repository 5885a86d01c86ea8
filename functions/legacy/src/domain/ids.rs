//! The names and versions of things.

pub(crate) use values::Revision;

values::id! {
    /// A profile, for ever (UUIDv7).
    pub(crate) ProfileId, "must be a UUID in small letters, as in the profile's `id`"
}
