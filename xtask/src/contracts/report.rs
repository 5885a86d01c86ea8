//! What was found, for people and for programs.

use std::fmt::Write as _;

use contract_diff::{Change, Document, Severity};
use serde_json::{Value, json};

use super::base::Base;

/// All that was compared.
#[derive(Debug, Default)]
pub(crate) struct Report {
    changes: Vec<(String, Change)>,
    compared: Vec<(String, Option<Base>)>,
}

const REMOVED: &str = "keep it for a while beside the new one";

impl Report {
    pub(crate) fn compares(&mut self, app: &str, base: &Base) {
        self.compared.push((app.to_owned(), Some(base.clone())));
    }

    pub(crate) fn nothing_to_compare_with(&mut self, app: &str) {
        self.compared.push((app.to_owned(), None));
    }

    pub(crate) fn add(&mut self, contract: &str, changes: Vec<Change>) {
        self.changes.extend(changes.into_iter().map(|change| (contract.to_owned(), change)));
    }

    /// A message whose type is another is another message: its receivers wait for the old one.
    pub(crate) fn add_renamed(&mut self, contract: &str, old: &Document, new: &Document) {
        let (Some(before), Some(now)) = (old.title(), new.title()) else { return };
        let is_type = |title: &str| title.contains('.') && !title.contains(' ');
        if before != now && is_type(before) && is_type(now) {
            self.push(
                contract,
                Severity::Breaking,
                "/title",
                "message-type-changed",
                &format!("{before} → {now}"),
                "receivers of the old type get nothing",
                "write the new type into a file of its own and send both for a while",
            );
        }
    }

    pub(crate) fn contract_removed(&mut self, contract: &str, is_message: bool) {
        let (rule, why) = if is_message {
            ("message-removed", "receivers wait in vain")
        } else {
            ("contract-removed", "clients call what is not there")
        };
        self.push(contract, Severity::Breaking, "", rule, "the file is gone", why, REMOVED);
    }

    pub(crate) fn contract_added(&mut self, contract: &str, is_message: bool) {
        let rule = if is_message { "message-added" } else { "contract-added" };
        self.push(
            contract,
            Severity::Additive,
            "",
            rule,
            "a new file",
            "nobody relied on it",
            "nothing",
        );
    }

    #[expect(clippy::too_many_arguments, reason = "the fields of a change, in their order")]
    fn push(
        &mut self,
        contract: &str,
        severity: Severity,
        pointer: &str,
        rule: &'static str,
        what: &str,
        why: &'static str,
        remedy: &'static str,
    ) {
        let (pointer, what, place) = (pointer.to_owned(), what.to_owned(), String::new());
        let change = Change { severity, place, pointer, rule, what, why, remedy };
        self.changes.push((contract.to_owned(), change));
    }

    pub(crate) fn breaks(&self) -> bool {
        self.count(Severity::Breaking) > 0
    }

    fn count(&self, severity: Severity) -> usize {
        self.changes.iter().filter(|(_, change)| change.severity == severity).count()
    }

    pub(crate) fn shown(&self, as_json: bool, quiet: bool) -> String {
        if as_json { self.for_programs().to_string() } else { self.for_people(quiet) }
    }

    fn for_people(&self, quiet: bool) -> String {
        let mut text = String::new();
        for (app, base) in &self.compared {
            let _ = match base {
                Some(base) => writeln!(text, "{app}: compared with {}", base.name),
                None => writeln!(
                    text,
                    "{app}: nothing to compare with: no tag released/{app}/…; name a commit with --base"
                ),
            };
        }
        for severity in [Severity::Breaking, Severity::Warning, Severity::Additive] {
            let of_kind = self.changes.iter().filter(|(_, change)| change.severity == severity);
            for (contract, change) in of_kind.filter(|_| !quiet || severity != Severity::Additive) {
                let _ = writeln!(text, "{contract}: {change}");
            }
        }
        let _ = write!(
            text,
            "{} breaking, {} {}, {} additive",
            self.count(Severity::Breaking),
            self.count(Severity::Warning),
            if self.count(Severity::Warning) == 1 { "warning" } else { "warnings" },
            self.count(Severity::Additive),
        );
        text
    }

    fn for_programs(&self) -> Value {
        let changes = self.changes.iter().map(|(contract, change)| {
            let mut value = json!(change);
            value["contract"] = json!(contract);
            value
        });
        let compared = self.compared.iter().map(|(app, base)| {
            let base = base.as_ref();
            json!({ "app": app, "base": base.map(|b| &b.name), "commit": base.map(|b| &b.commit) })
        });
        json!({
            "compared": compared.collect::<Vec<_>>(),
            "breaking": self.count(Severity::Breaking),
            "warnings": self.count(Severity::Warning),
            "additive": self.count(Severity::Additive),
            "changes": changes.collect::<Vec<_>>(),
        })
    }
}
