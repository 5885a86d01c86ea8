//! What can go wrong on a page for our own people; explained under `x-page-problems` in the shared contract of
//! `public-api`.

use custom_handler::problem_kinds;

problem_kinds! {
    /// Nobody is signed in.
    pub const NOT_SIGNED_IN = Unauthorized, "not-signed-in", "You are not signed in";
    /// Somebody without the role that this needs.
    pub const ROLE_MISSING = Forbidden, "role-missing", "You do not have the role for this";
    /// The form's token is not this person's, or too old.
    pub const FORM_REFUSED = Forbidden, "form-refused", "The form cannot be taken";
    /// The form was sent from another site.
    pub const CROSS_SITE = Forbidden, "cross-site", "The request did not come from our own page";
}
