//! What clients get.

use super::{Rule, additive, breaking, warning};

/// The rules.
pub(super) const RULES: &[Rule] = &[
    additive("response-type-narrowed", "what comes is still what clients know"),
    breaking(
        "response-type-widened",
        "clients that read the old type only fail",
        "keep the type, and put the new one under a new name",
    ),
    additive("response-null-removed", "what comes is still what clients know"),
    breaking(
        "response-null-added",
        "clients that rely on a value fail at null",
        "leave the property out where there is no value and it was optional, or put it under a new name",
    ),
    additive("response-enum-value-removed", "what comes is still what clients know"),
    breaking(
        "response-enum-value-added",
        "clients that know the old values only fail at the new one",
        "announce with `x-extensible: true` a release before that values may come",
    ),
    additive("response-enum-added", "what comes is still what clients know"),
    breaking(
        "response-enum-lifted",
        "clients that know the listed values only fail at others",
        "announce with `x-extensible: true` a release before that values may come",
    ),
    additive("response-property-became-required", "what comes is still what clients know"),
    breaking(
        "response-property-became-optional",
        "clients that rely on it fail where it is missing",
        "go on sending it",
    ),
    additive("response-additional-properties-closed", "what comes is still what clients know"),
    warning(
        "response-additional-properties-opened",
        "clients that refuse what they do not know may fail",
        "keep the object closed if such clients are known",
    ),
    additive("response-limit-narrowed", "what comes is still what clients know"),
    breaking(
        "response-limit-widened",
        "clients that made room for the old limit fail",
        "keep the limit",
    ),
    additive("response-pattern-added", "what comes is still what clients know"),
    breaking(
        "response-pattern-lifted",
        "clients that take the text apart by the pattern fail",
        "keep the form of the text",
    ),
    additive("response-format-added", "what comes is still what clients know"),
    breaking(
        "response-format-lifted",
        "clients that parse the text fail",
        "keep the format, and put other texts under a new name",
    ),
    additive("response-not-narrowed", "what comes is still what clients know"),
    breaking("response-not-widened", "clients may get what was ruled out", "go on ruling it out"),
    additive("response-variant-removed", "what comes is still what clients know"),
    breaking(
        "response-variant-added",
        "clients that know the old variants only fail at the new one",
        "announce with `x-extensible: true` a release before that variants may come",
    ),
    breaking(
        "response-property-removed",
        "clients that read it find nothing",
        "go on sending it; `deprecated: true` with `x-sunset` announces the day from which it may go",
    ),
    additive("response-property-added", "clients ignore what they do not know"),
    breaking(
        "response-pattern-changed",
        "clients that read the text by the old one fail",
        "keep it, and put the new text under a new name",
    ),
    breaking(
        "response-format-changed",
        "clients that read the text by the old one fail",
        "keep it, and put the new text under a new name",
    ),
    warning(
        "response-variants-overlap",
        "whether what comes is one of the old variants cannot be told",
        "demand a property with a const in each variant, or write anyOf",
    ),
    warning(
        "response-cannot-compare",
        "whether clients can read it cannot be told",
        "look at it, and write it simpler if you can",
    ),
];
