//! The names of things.

values::id! {
    /// A contact: the profile, as `profiles` names it.
    pub(crate) ContactId, "must be a UUID in small letters, as in the profile's `id`"
}
values::id! {
    /// An account, as `profiles` names it.
    pub(crate) AccountId, "must be a UUID in small letters, as in the profile's `account.id`"
}
values::id! {
    /// A quote, by whoever makes it.
    pub(crate) QuoteId, "must be a UUID in small letters, of your own"
}
values::id! {
    /// A sale, as `conversions` names it.
    pub(crate) SaleId, "must be a UUID in small letters, as in the sale's id"
}
