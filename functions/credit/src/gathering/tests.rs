use super::*;
use proptest::prelude::*;

fn day(number: i32) -> Date {
    jiff::civil::date(2026, 6, 1).saturating_add(number.days())
}

fn account() -> GatheredAccount {
    GatheredAccount::new(BankAccount {
        id: "a".into(),
        currency: "EUR".parse().unwrap(),
        kind: AccountKind::Current,
        balance: 100,
        balance_on: day(100),
        opened_on: None,
    })
}

fn gathered() -> Gathered {
    Gathered { from: day(0), to: day(100), accounts: vec![account()] }
}

fn transaction(id: &str, on: i32, amount: i64, status: Status) -> Transaction {
    Transaction { id: id.into(), status, on: day(on), amount, kind: Kind::Card }
}

fn page(transactions: Vec<Transaction>, next: Option<&str>) -> Page {
    Page { transactions, from: day(0), to: day(100), next: next.map(str::to_owned) }
}

fn activity(pages: Vec<Page>) -> scorecard::activity::Activity {
    let mut all = gathered();
    for page in pages {
        all.accounts[0].take(page).unwrap();
    }
    all.finished().unwrap().unwrap()
}

#[test]
fn half_of_a_history_is_none() {
    let mut all = gathered();
    assert!(all.clone().finished().is_none(), "nothing was read");
    all.accounts[0].take(page(vec![], Some("2"))).unwrap();
    assert!(all.clone().finished().is_none(), "a page is missing");
    assert!(matches!(all.accounts[0].next_page(day(0), day(1)), Some(PageOf::Next("2"))));
    all.accounts[0].take(page(vec![], None)).unwrap();
    assert!(all.finished().is_some());
}

#[test]
fn a_cursor_that_leads_back_ends_it() {
    let mut account = account();
    account.take(page(vec![], Some("2"))).unwrap();
    account.take(page(vec![], Some("3"))).unwrap();
    assert!(matches!(account.take(page(vec![], Some("2"))), Err(BankFailure::Endless(_))));
}

#[test]
fn a_pending_copy_goes_and_a_pending_payment_stays() {
    let one = activity(vec![page(
        vec![
            transaction("p1", 10, -500, Status::Pending),
            transaction("b1", 12, -500, Status::Booked),
            transaction("p2", 20, -500, Status::Pending),
            transaction("b2", 26, -500, Status::Booked),
            transaction("p3", 12, 500, Status::Pending),
        ],
        None,
    )]);
    let kept: Vec<_> = one.transactions.iter().map(|it| (it.on, it.amount, it.pending)).collect();
    assert_eq!(
        kept,
        [
            (day(12), -500, false),
            (day(12), 500, true),
            (day(20), -500, true),
            (day(26), -500, false)
        ]
    );
}

#[test]
fn one_name_is_one_transaction_and_the_booked_one_counts() {
    let one = activity(vec![page(
        vec![
            transaction("a", 10, -500, Status::Pending),
            transaction("a", 30, -510, Status::Booked),
            transaction("p", 28, -510, Status::Pending),
        ],
        None,
    )]);
    let kept: Vec<_> = one.transactions.iter().map(|it| (it.on, it.pending)).collect();
    assert_eq!(kept, [(day(28), true), (day(30), false)], "that booked one is nobody else's");
}

#[test]
fn as_many_pairs_are_found_as_there_are() {
    let all = vec![
        transaction("b1", 5, -500, Status::Booked),
        transaction("b2", 13, -500, Status::Booked),
        transaction("p1", 10, -500, Status::Pending),
        transaction("p2", 12, -500, Status::Pending),
    ];
    let one = activity(vec![page(all, None)]);
    assert!(one.transactions.iter().all(|it| !it.pending), "{one:?}");
}

#[test]
fn an_account_that_was_opened_late_takes_nothing_from_the_others() {
    let mut all = gathered();
    all.accounts.push(account());
    let old = transaction("a", 5, 100, Status::Booked);
    let tomorrow = transaction("b", 101, 100, Status::Booked);
    all.accounts[0].take(page(vec![old, tomorrow], None)).unwrap();
    all.accounts[1].take(Page { from: day(60), ..page(vec![], None) }).unwrap();
    let activity = all.finished().unwrap().unwrap();
    assert_eq!((activity.from, activity.transactions.len()), (day(0), 1));
}

#[test]
fn the_history_is_as_long_as_the_bank_says() {
    let short = Page { from: day(60), ..page(vec![], None) };
    assert_eq!(activity(vec![short]).from, day(60));
}

proptest! {
    #[test]
    fn the_order_in_which_the_bank_tells_the_accounts_changes_nothing(
        all in prop::collection::vec(prop::collection::vec((0..90_i32, -3..3_i64), 0..4), 1..5),
        turn in 0..5_usize,
    ) {
        let account = |(place, list): (usize, &Vec<(i32, i64)>)| {
            let mut account = account();
            let list = list.iter().enumerate().map(|(n, (on, amount))| {
                transaction(&format!("{place}.{n}"), *on, *amount, Status::Booked)
            });
            account.take(page(list.collect(), None)).unwrap();
            account
        };
        let accounts: Vec<_> = all.iter().enumerate().map(account).collect();
        let mut turned = accounts.clone();
        turned.rotate_left(turn % accounts.len());
        turned.reverse();
        let bytes = |accounts: Vec<GatheredAccount>| {
            Gathered { accounts, ..gathered() }.finished().unwrap().unwrap().to_bytes()
        };
        prop_assert_eq!(bytes(accounts), bytes(turned));
    }

    #[test]
    fn the_order_of_the_pages_and_pages_that_come_twice_change_nothing(
        all in prop::collection::vec((0..90_i32, -50..50_i64, any::<bool>()), 0..60),
        cuts in prop::collection::vec(1..20_usize, 1..6),
        twice: bool,
        backwards: bool,
    ) {
        let status = |pending| if pending { Status::Pending } else { Status::Booked };
        let all: Vec<_> = all
            .into_iter()
            .enumerate()
            .map(|(n, (on, amount, pending))| transaction(&n.to_string(), on, amount, status(pending)))
            .collect();
        let whole = activity(vec![page(all.clone(), None)]);
        let mut rest = all;
        if backwards {
            rest.reverse();
        }
        let (mut pages, mut cursor) = (Vec::new(), 0);
        for size in cuts {
            let some: Vec<_> = rest.drain(..size.min(rest.len())).collect();
            for _ in 0..=usize::from(twice) {
                cursor += 1;
                pages.push(page(some.clone(), Some(&cursor.to_string())));
            }
        }
        pages.push(page(rest, None));
        prop_assert_eq!(activity(pages).to_bytes(), whole.to_bytes());
    }
}
