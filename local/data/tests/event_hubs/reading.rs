//! Positions, waiting, retention.

use std::time::Duration;

use local_data::Position;
use reqwest::Method;

use crate::namespace::{Namespace, answer, text};

const HOUR: Duration = Duration::from_secs(3_600);

#[tokio::test]
async fn a_partition_is_read_from_any_position() {
    let namespace = Namespace::with_accounts().await;
    namespace.send("account", "a", Some("k1")).await;
    namespace.services.clock().advance(HOUR);
    namespace.send("account", "b", Some("k1")).await;
    let all = namespace.read(0, Position::Start).await;
    assert_eq!(all.iter().map(text).collect::<Vec<_>>(), ["a", "b"]);
    assert!(all[1].enqueued.duration_since(all[0].enqueued) >= jiff::SignedDuration::from_hours(1));
    for position in [
        Position::Sequence(1),
        Position::AfterOffset(all[0].offset),
        Position::AfterTime(all[0].enqueued),
    ] {
        let read = namespace.read(0, position).await;
        assert_eq!(read.iter().map(text).collect::<Vec<_>>(), ["b"], "{position}");
    }
    assert_eq!(namespace.read(0, Position::End).await, []);
}

#[tokio::test]
async fn a_read_waits_for_the_first_event_and_says_where_the_next_begins() {
    let namespace = Namespace::with_accounts().await;
    let (none, next) = namespace.read_waiting(0, Position::End, Duration::ZERO).await;
    assert_eq!((none.len(), next), (0, 0));
    let waiting = namespace.read_waiting(0, Position::Sequence(next), Duration::from_secs(20));
    let sending = namespace.send("account", "now", Some("k1"));
    let ((events, next), ()) = tokio::join!(waiting, sending);
    assert_eq!((text(&events[0]), next), ("now".to_owned(), 1));
}

#[tokio::test]
async fn events_go_when_their_retention_is_over_and_numbers_go_on() {
    let namespace = Namespace::with_accounts().await;
    namespace.send("account", "old", Some("k1")).await;
    namespace.services.clock().advance(20 * HOUR);
    namespace.send("account", "young", Some("k1")).await;
    namespace.services.clock().advance(10 * HOUR);
    namespace.services.step().await;
    let kept = namespace.read(0, Position::Start).await;
    assert_eq!((text(&kept[0]), kept[0].sequence_number), ("young".to_owned(), 1));
    namespace.services.clock().advance(30 * HOUR);
    namespace.services.step().await;
    assert_eq!(namespace.read(0, Position::Start).await, []);
    namespace.send("account", "new", Some("k1")).await;
    assert_eq!(namespace.read(0, Position::Start).await[0].sequence_number, 2);
}

#[tokio::test]
async fn a_read_that_asks_for_nonsense_is_told_what_is_wrong() {
    let namespace = Namespace::with_accounts().await;
    let events = "$local/eventhubs/account/consumergroups/$Default/partitions";
    for (path, status, part) in [
        (format!("{events}/0/events?from=latest"), 400, "from"),
        (format!("{events}/0/events?max=many"), 400, "max"),
        (format!("{events}/9/events"), 404, "0 to 3"),
        ("$local/nothing".to_owned(), 404, "/$local/nothing"),
    ] {
        let refused = answer(namespace.request(Method::GET, &path)).await;
        assert_eq!(refused.status, status, "{path}");
        assert!(refused.body.contains(part), "{path}: {}", refused.body);
    }
}
