use super::ErrorStatus;

/// A kind of problem: what all its occurrences have in common. Made with
/// [`problem_kinds!`](crate::problem_kinds!), told to the handler with
/// [`Handler::problems`](crate::Handler::problems) and used with
/// [`Problem::of`](crate::Problem::of).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ProblemKind {
    /// What names the kind for ever, such as `no-such-cake`; the end of its `type`.
    pub slug: &'static str,
    /// The status of its answers.
    pub status: ErrorStatus,
    /// What the kind is, the same in every occurrence: a sentence without its full stop.
    pub title: &'static str,
}

/// Names kinds of problems, and all of them together as `ALL`:
///
/// ```
/// use custom_handler::{Problem, problem_kinds};
///
/// problem_kinds! {
///     /// The oven has limits.
///     pub const TOO_HOT = UnprocessableContent, "too-hot", "The oven does not do that";
///     /// Cakes are made on order.
///     pub const NO_SUCH_CAKE = NotFound, "no-such-cake", "There is no such cake";
/// }
///
/// let problem = Problem::of(&TOO_HOT).detail("choose at most 300 degrees");
/// assert_eq!(problem.slug(), "too-hot");
/// assert_eq!(ALL, [TOO_HOT, NO_SUCH_CAKE]);
/// ```
///
/// After the name stands the status, one of [`ErrorStatus`](crate::ErrorStatus).
#[macro_export]
macro_rules! problem_kinds {
    ($($(#[$doc:meta])* $visibility:vis const $name:ident = $status:ident, $slug:literal, $title:literal;)+) => {
        $(
            $(#[$doc])*
            $visibility const $name: $crate::ProblemKind = $crate::ProblemKind {
                slug: $slug,
                status: $crate::ErrorStatus::$status,
                title: $title,
            };
        )+
        /// All these kinds.
        #[allow(unreachable_pub, reason = "as visible as the module that holds the kinds")]
        pub const ALL: &[$crate::ProblemKind] = &[$($name),+];
    };
}
