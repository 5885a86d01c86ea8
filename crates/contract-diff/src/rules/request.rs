//! What clients send.

use super::{Rule, additive, breaking, warning};

/// The rules.
pub(super) const RULES: &[Rule] = &[
    breaking(
        "request-type-narrowed",
        "clients that send the other type are refused",
        "allow both types, and refuse the old one in a new version of the path",
    ),
    additive("request-type-widened", "what was taken is taken"),
    breaking(
        "request-null-removed",
        "clients that send null are refused",
        "go on taking null, and treat it as left out",
    ),
    additive("request-null-added", "what was taken is taken"),
    breaking(
        "request-enum-value-removed",
        "clients that send the value are refused",
        "go on taking the value, and map it to another",
    ),
    additive("request-enum-value-added", "what was taken is taken"),
    breaking(
        "request-enum-added",
        "clients that send any other value are refused",
        "take any value as before, and list those that mean something in the description",
    ),
    additive("request-enum-lifted", "what was taken is taken"),
    breaking(
        "request-property-became-required",
        "clients that leave it out are refused",
        "give it a default and leave it optional",
    ),
    additive("request-property-became-optional", "what was taken is taken"),
    breaking(
        "request-additional-properties-closed",
        "clients that send more are refused",
        "go on ignoring what is not known",
    ),
    additive("request-additional-properties-opened", "what was taken is taken"),
    breaking(
        "request-limit-narrowed",
        "clients that keep to the old limit only are refused",
        "keep the limit, or bring the new one with a new version of the path",
    ),
    additive("request-limit-widened", "what was taken is taken"),
    breaking(
        "request-pattern-added",
        "clients that send other texts are refused",
        "take the texts as before, and answer with a problem where one is of no use",
    ),
    additive("request-pattern-lifted", "what was taken is taken"),
    breaking(
        "request-format-added",
        "clients that send other texts are refused",
        "take the texts as before, and answer with a problem where one is of no use",
    ),
    additive("request-format-lifted", "what was taken is taken"),
    breaking(
        "request-not-narrowed",
        "clients that send what is ruled out now are refused",
        "rule out no more than before",
    ),
    additive("request-not-widened", "what was taken is taken"),
    breaking(
        "request-variant-removed",
        "clients that send this variant are refused",
        "go on taking the variant",
    ),
    additive("request-variant-added", "what was taken is taken"),
    breaking(
        "request-required-property-added",
        "clients that do not know it are refused",
        "leave it optional, with a default that keeps the old meaning",
    ),
    breaking(
        "request-property-removed",
        "clients that send it are refused or, where unknown properties are taken, no longer heard",
        "go on taking it; `deprecated: true` with `x-sunset` announces the day from which it may go",
    ),
    additive("request-property-added", "it may be left out"),
    breaking(
        "request-pattern-changed",
        "clients whose texts kept to the old one only are refused",
        "take both, and refuse the old one in a new version of the path",
    ),
    breaking(
        "request-format-changed",
        "clients whose texts kept to the old one only are refused",
        "take both, and refuse the old one in a new version of the path",
    ),
    warning(
        "request-default-changed",
        "clients that leave it out get something else than before",
        "keep the default, or tell clients",
    ),
    warning(
        "request-variants-overlap",
        "a value of two variants of a oneOf is refused, and these may have one in common",
        "demand a property with a const in each variant, or write anyOf",
    ),
    warning(
        "request-cannot-compare",
        "whether clients are refused cannot be told",
        "look at it, and write it simpler if you can",
    ),
];
