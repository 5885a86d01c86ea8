//! How fast it is without a pace.

use std::time::Instant;

use crate::support::{Account, Console, changed};

/// Messages that wait when it starts.
const BACKLOG: u64 = 2_000;
/// A loaded machine and a development build must do this much; the README says what an idle one does.
const LEAST_PER_SECOND: f64 = 300.0;

#[tokio::test(flavor = "multi_thread")]
async fn a_backlog_is_worked_off_quickly() {
    let account = Account::start().await;
    for number in 0..BACKLOG {
        account.send(&changed(&format!("p{}", number % 500), number / 500 + 1)).await;
    }
    let began = Instant::now();
    let mainframe = mainframe::start(account.options()).await.unwrap();
    account.emptied().await;
    let per_second = BACKLOG as f64 / began.elapsed().as_secs_f64();
    println!("{per_second:.0} messages a second");
    assert!(per_second > LEAST_PER_SECOND, "{per_second:.0} messages a second");
    let totals = Console::of(&mainframe).get("status").await.1;
    assert_eq!(totals["records"], 500);
}
