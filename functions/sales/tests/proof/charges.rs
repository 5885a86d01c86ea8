//! What accounts owe: what was delivered of what is charged to them, once, and nothing is held any more.

use app_tests::proof::Addresses;
use serde_json::Value;
use std::collections::BTreeMap;

/// What differs, in words.
pub(crate) async fn wrong(addresses: &Addresses, orders: &[Value]) -> Vec<String> {
    let Some(found) = addresses.documents(("accounts", "accounts")).await else {
        return vec!["the accounts cannot be read".to_owned()];
    };
    let mut owed: BTreeMap<&str, i64> = BTreeMap::new();
    for order in orders.iter().filter(|order| order["state"] == "fulfilled") {
        if let Some(account) = order["onAccount"]["account"].as_str() {
            *owed.entry(account).or_default() += cents(&order["onAccount"]["amount"]);
        }
    }
    let accounts = found.iter().filter(|document| document["kind"] == "account");
    let wrong = accounts.filter_map(|account| {
        let wanted = owed.get(account["accountId"].as_str().unwrap()).copied().unwrap_or_default();
        let is_right = account["posted"] == wanted && account["held"] == 0;
        (!is_right).then(|| format!("an account that owes {wanted}: {account}"))
    });
    wrong.collect()
}

/// An amount of euros.
fn cents(money: &Value) -> i64 {
    let text = money["amount"].as_str().unwrap();
    let (whole, part) = text.split_once('.').unwrap_or((text, "00"));
    whole.parse::<i64>().unwrap() * 100 + part.parse::<i64>().unwrap()
}
