//! Every rule, with whom it protects and what to do instead.

mod message;
mod operation;
mod request;
mod response;

use crate::change::Severity;

/// A rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Its name.
    pub id: &'static str,
    /// How severe a change is that falls under it. `request-property-removed` and `message-property-removed` are milder
    /// where the object takes what it does not know, and what `x-sunset` or `x-extensible` announced is additive; variants
    /// that overlap break where a lost value is found.
    pub severity: Severity,
    /// Whom it breaks and how.
    pub why: &'static str,
    /// What to do instead.
    pub remedy: &'static str,
}

/// All rules.
pub const RULES: [&[Rule]; 4] = [operation::RULES, request::RULES, response::RULES, message::RULES];

/// The rule of an id.
pub(crate) fn rule(id: &str) -> &'static Rule {
    let mut all = RULES.iter().copied().flatten();
    all.find(|rule| rule.id == id).expect("every id that is made has a rule: see the test below")
}

const fn breaking(id: &'static str, why: &'static str, remedy: &'static str) -> Rule {
    Rule { id, severity: Severity::Breaking, why, remedy }
}

const fn warning(id: &'static str, why: &'static str, remedy: &'static str) -> Rule {
    Rule { id, severity: Severity::Warning, why, remedy }
}

const fn additive(id: &'static str, why: &'static str) -> Rule {
    Rule { id, severity: Severity::Additive, why, remedy: "nothing" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_is_there_once_and_says_what_to_do() {
        let mut ids: Vec<_> = RULES.iter().copied().flatten().map(|rule| rule.id).collect();
        let count = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), count);
        for rule in RULES.iter().copied().flatten() {
            assert!(!rule.why.is_empty() && !rule.remedy.is_empty(), "{}", rule.id);
        }
    }

    #[test]
    fn every_gap_has_a_rule_in_every_use() {
        for prefix in ["request", "response", "message"] {
            for stem in STEMS {
                let never = matches!(
                    (prefix, stem),
                    ("response" | "message", "default-changed")
                        | ("response", "required-property-added")
                );
                let there =
                    RULES.iter().copied().flatten().any(|r| r.id == format!("{prefix}-{stem}"));
                assert_eq!(there, !never, "{prefix}-{stem}");
            }
        }
    }

    const STEMS: [&str; 33] = [
        "type-narrowed",
        "type-widened",
        "null-removed",
        "null-added",
        "enum-value-removed",
        "enum-value-added",
        "enum-added",
        "enum-lifted",
        "property-became-required",
        "property-became-optional",
        "required-property-added",
        "property-removed",
        "property-added",
        "additional-properties-closed",
        "additional-properties-opened",
        "limit-narrowed",
        "limit-widened",
        "pattern-changed",
        "pattern-added",
        "pattern-lifted",
        "format-changed",
        "format-added",
        "format-lifted",
        "not-narrowed",
        "not-widened",
        "variant-removed",
        "variant-added",
        "variants-overlap",
        "cannot-compare",
        "default-changed",
        "type-narrowed",
        "type-widened",
        "null-added",
    ];
}
