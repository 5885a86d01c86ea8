//! What customers wrote stands in no log: not when all goes well, and not when everything fails.

use std::fs;
use std::path::Path;

/// Parts of what the customers of this run write: addresses, user names, names, streets and cities, which are in no
/// other text.
const PERSONAL: [&str; 9] =
    ["proof.example", "proof-", "large-", "Zoë", "🦊", "محمد", "Nguyễn", "Maximiliane", "Marina"];
/// Lines that are shown.
const MOST_SHOWN: usize = 5;

/// Panics if a log of `folder`, in which all processes of the run wrote theirs, says anything about a person.
pub(crate) fn holds(folder: &Path) {
    let (mut logs, mut found) = (0, Vec::new());
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "log") {
            continue;
        }
        logs += 1;
        let text = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
        let told = text.lines().filter(|line| PERSONAL.iter().any(|part| line.contains(part)));
        found.extend(told.take(MOST_SHOWN).map(str::to_owned));
    }
    assert!(logs >= 3, "each process has its log: {logs}");
    assert!(found.is_empty(), "personal data in the logs: {found:#?}");
}
