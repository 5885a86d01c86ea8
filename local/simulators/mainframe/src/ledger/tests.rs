use serde_json::value::to_raw_value;

use super::*;

fn change(id: &str, revision: u64) -> Change {
    let state = serde_json::json!({"id": id, "revision": revision});
    Change {
        profile_id: id.into(),
        revision,
        time: Some("2026-03-01T08:00:00Z".to_owned()),
        content: Content::State(to_raw_value(&state).unwrap()),
        traceparent: None,
        tracestate: None,
    }
}

fn erasure(id: &str, revision: u64) -> Change {
    Change { content: Content::Erased, ..change(id, revision) }
}

fn revisions(ledger: &Ledger) -> Vec<(String, u64)> {
    ledger
        .page(None, 100)
        .iter()
        .map(|record| (record.profile_id.clone(), record.revision))
        .collect()
}

#[test]
fn a_record_never_goes_backwards_not_even_within_a_batch() {
    let mut ledger = Ledger::open(None).unwrap();
    let batch = [change("a", 2), change("a", 1), change("b", 1), change("a", 3), change("a", 3)];
    let applied = ledger.apply(&batch, Timestamp::now()).unwrap();
    assert_eq!(applied, [true, false, true, true, false]);
    assert_eq!(revisions(&ledger), [("a".into(), 3), ("b".into(), 1)]);
    assert_eq!(ledger.apply(&[change("a", 2)], Timestamp::now()).unwrap(), [false]);
}

#[test]
fn an_erased_record_keeps_nothing_but_its_revision() {
    let mut ledger = Ledger::open(None).unwrap();
    ledger.apply(&[change("a", 1), erasure("a", 2)], Timestamp::now()).unwrap();
    let record = ledger.get("a").unwrap();
    assert!(record.erased && record.state.is_none());
    assert_eq!(record.revision, 2);
    ledger.apply(&[change("a", 1)], Timestamp::now()).unwrap();
    assert!(ledger.get("a").unwrap().erased, "an old state does not come back");
}

#[test]
fn records_are_there_again_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let mut ledger = Ledger::open(Some(dir.path())).unwrap();
    assert_eq!(ledger.runs(), 1);
    ledger.apply(&[change("a", 1), change("a", 2), erasure("b", 9)], Timestamp::now()).unwrap();
    drop(ledger);
    let ledger = Ledger::open(Some(dir.path())).unwrap();
    assert_eq!(revisions(&ledger), [("a".into(), 2), ("b".into(), 9)]);
    assert_eq!(
        ledger.get("a").unwrap().state.as_ref().unwrap().get(),
        r#"{"id":"a","revision":2}"#
    );
    assert!(ledger.get("b").unwrap().erased);
    assert_eq!(ledger.runs(), 2);
}

#[test]
fn a_restore_goes_back_to_the_snapshot_or_to_nothing_also_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let reopened = |ledger: Ledger| {
        drop(ledger);
        Ledger::open(Some(dir.path())).unwrap()
    };
    let mut ledger = Ledger::open(Some(dir.path())).unwrap();
    assert_eq!(ledger.restore(RestoreTo::Snapshot).unwrap(), None);
    ledger.apply(&[change("a", 1)], Timestamp::now()).unwrap();
    assert_eq!(ledger.take_snapshot().unwrap(), 1);
    ledger.apply(&[change("a", 5), change("b", 1)], Timestamp::now()).unwrap();
    ledger = reopened(ledger);
    assert_eq!(ledger.restore(RestoreTo::Snapshot).unwrap(), Some(1));
    ledger = reopened(ledger);
    assert_eq!(revisions(&ledger), [("a".into(), 1)]);
    assert_eq!(ledger.restore(RestoreTo::Nothing).unwrap(), Some(0));
    ledger = reopened(ledger);
    assert_eq!(revisions(&ledger), []);
    assert_eq!(ledger.restore(RestoreTo::Snapshot).unwrap(), Some(1));
}

#[test]
fn a_directory_in_use_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let _held = Ledger::open(Some(dir.path())).unwrap();
    let error = Ledger::open(Some(dir.path())).unwrap_err().to_string();
    assert!(error.contains("another process uses them"), "{error}");
}

#[test]
fn records_come_in_pages() {
    let mut ledger = Ledger::open(None).unwrap();
    let changes: Vec<_> = ["a", "b", "c"].iter().map(|id| change(id, 1)).collect();
    ledger.apply(&changes, Timestamp::now()).unwrap();
    let ids = |after, most| -> Vec<String> {
        ledger.page(after, most).iter().map(|record| record.profile_id.clone()).collect()
    };
    assert_eq!(ids(None, 2), ["a", "b"]);
    assert_eq!(ids(Some("b"), 2), ["c"]);
}
