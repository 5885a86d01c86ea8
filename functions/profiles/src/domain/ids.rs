//! The names of things.

values::id! {
    /// A profile, for ever: a UUIDv7 (RFC 9562), so that ids sort by the time of registration.
    pub(crate) ProfileId, "must be a UUID in small letters, as in the profile's `id`"
}
values::id! {
    /// The account that belongs to a profile (UUIDv7).
    pub(crate) AccountId, "must be a UUID in small letters, as in `account.id`"
}
values::id! {
    /// A photo, named by the photos app (UUIDv7).
    pub(crate) PhotoId, "must be a UUID in small letters, as in the profile's `photos`"
}
