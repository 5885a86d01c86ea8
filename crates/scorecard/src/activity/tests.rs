use super::*;
use pretty_assertions::assert_eq;

const EXAMPLE: &str = r#"{"version":1,"from":"2026-05-29","to":"2026-11-28","accounts":[{"currency":"EUR","kind":"current","balance":123456,"balanceOn":"2026-11-28","openedOn":"2021-03-01"}],"transactions":[{"account":0,"on":"2026-06-01","amount":-1234,"kind":"card","pending":true},{"account":0,"on":"2026-06-02","amount":250000,"kind":"salary"}]}"#;

fn refused(change: impl FnOnce(&mut Activity)) -> String {
    let mut activity = Activity::parse(EXAMPLE.as_bytes()).unwrap();
    change(&mut activity);
    activity.checked().unwrap_err().to_string()
}

#[test]
fn an_activity_is_read_and_written_to_the_letter() {
    let activity = Activity::parse(EXAMPLE.as_bytes()).unwrap();
    assert_eq!(String::from_utf8(activity.to_bytes()).unwrap(), EXAMPLE);
}

#[test]
fn the_order_in_which_the_bank_told_it_does_not_show() {
    let activity = Activity::parse(EXAMPLE.as_bytes()).unwrap();
    let mut turned = activity.clone();
    turned.transactions.reverse();
    assert_eq!(turned.checked().unwrap().to_bytes(), activity.to_bytes());
}

#[test]
fn every_kind_has_the_name_of_the_contract() {
    let names = [
        "salary",
        "income",
        "transfer-out",
        "standing-order",
        "direct-debit",
        "returned-debit",
        "card",
        "cash",
        "fee",
        "loan",
        "interest",
        "other",
    ];
    let kinds: Vec<Kind> = serde_json::from_value(serde_json::json!(names)).unwrap();
    assert!(kinds.is_sorted());
    assert_eq!(serde_json::to_value(kinds).unwrap(), serde_json::json!(names));
}

#[test]
fn what_cannot_be_is_refused_with_its_place() {
    let day = |text: &str| text.parse().unwrap();
    assert_eq!(
        refused(|a| a.version = 2),
        "the activity's version cannot be: must be 1, the only version there is"
    );
    assert_eq!(
        refused(|a| a.to = day("2026-05-28")),
        "the activity's to cannot be: must lie 0 to 730 days after from"
    );
    assert!(refused(|a| a.to = day("2028-05-29")).contains("730 days"));
    assert!(
        refused(|a| a.transactions[1].account = 1)
            .starts_with("the activity's transactions[1].account")
    );
    assert!(
        refused(|a| a.transactions[0].amount = MAX_AMOUNT + 1)
            .starts_with("the activity's transactions[0].amount")
    );
    assert!(
        refused(|a| a.transactions[0].amount = i64::MIN)
            .starts_with("the activity's transactions[0].amount")
    );
    assert!(
        refused(|a| a.transactions[1].on = day("2026-11-29"))
            .starts_with("the activity's transactions[1].on")
    );
    assert!(
        refused(|a| a.accounts[0].balance = i64::MIN)
            .starts_with("the activity's accounts[0].balance ")
    );
    assert!(
        refused(|a| a.accounts[0].balance_on = day("2026-11-30")).contains("accounts[0].balanceOn")
    );
    assert!(
        refused(|a| a.accounts[0].opened_on = Some(day("2026-12-28")))
            .contains("accounts[0].openedOn")
    );
    assert!(
        refused(|a| a.accounts = vec![a.accounts[0].clone(); MAX_ACCOUNTS + 1])
            .contains("at most 32")
    );
}

#[test]
fn a_pending_one_may_have_its_value_later() {
    let mut activity = Activity::parse(EXAMPLE.as_bytes()).unwrap();
    activity.transactions[0].on = "2026-12-05".parse().unwrap();
    assert!(activity.checked().is_ok());
}

#[test]
fn a_refusal_says_where_and_never_what() {
    let cases = [
        (EXAMPLE.replace("-1234", "\"Kim Berg\""), "transactions[0].amount"),
        (EXAMPLE.replace("\"card\"", "\"Kim Berg\""), "transactions[0].kind"),
        (EXAMPLE.replace("EUR", "Kim Berg"), "accounts[0].currency"),
        (
            EXAMPLE.replace("\"kind\":\"salary\"", "\"kind\":\"salary\",\"Kim Berg\":1"),
            "transactions[1]",
        ),
        (format!("{EXAMPLE} Kim Berg"), "."),
        ("Kim Berg".to_owned(), "."),
    ];
    for (text, place) in cases {
        let error = Activity::parse(text.as_bytes()).unwrap_err().to_string();
        assert!(error.contains(place) && !error.contains("Kim"), "{error}");
    }
}

#[test]
fn too_many_bytes_are_not_read() {
    let bytes = vec![b' '; MAX_ACTIVITY_BYTES + 1];
    assert_eq!(Activity::parse(&bytes), Err(ActivityError::TooLarge(MAX_ACTIVITY_BYTES + 1)));
}
