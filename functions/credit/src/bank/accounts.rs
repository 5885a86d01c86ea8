//! Accounts and their transactions, as far as they are needed.

use super::wire::{AccountWire, AccountsWire, PageWire, TransactionWire};
use super::{Bank, BankFailure};
use jiff::civil::Date;
use money::{Currency, Money};
use outgoing::{HeaderName, HeaderValue, Request, Url};
use rust_decimal::Decimal;
use scorecard::activity::{AccountKind, Kind};

const AUTHORIZATION: HeaderName = HeaderName::from_static("authorization");
/// Longest id and cursor of the bank, in bytes.
const MAX_NAME_BYTES: usize = 2_048;

/// An account, under the bank's own name for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BankAccount {
    pub(crate) id: String,
    pub(crate) currency: Currency,
    pub(crate) kind: AccountKind,
    /// In minor units.
    pub(crate) balance: i64,
    pub(crate) balance_on: Date,
    pub(crate) opened_on: Option<Date>,
}

/// Which page of an account's transactions.
#[derive(Debug, Clone, Copy)]
pub(crate) enum PageOf<'a> {
    /// The first, of these days.
    First { from: Date, to: Date },
    /// The one that a page before has named.
    Next(&'a str),
}

/// A page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Page {
    pub(crate) transactions: Vec<Transaction>,
    /// What the bank has: it may be less than was asked for.
    pub(crate) from: Date,
    pub(crate) to: Date,
    pub(crate) next: Option<String>,
}

/// A transaction without whom and what for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Transaction {
    /// The bank's name for it.
    pub(crate) id: String,
    pub(crate) status: Status,
    /// When it was booked, or of its value while it is pending.
    pub(crate) on: Date,
    /// In minor units; what goes out is negative.
    pub(crate) amount: i64,
    pub(crate) kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    Booked,
    Pending,
}

impl Bank {
    /// The accounts that a token is for. Those in a currency that nobody knows, and of a kind that is neither for payments
    /// nor for savings, are left out.
    pub(crate) async fn accounts(&self, token: &str) -> Result<Vec<BankAccount>, BankFailure> {
        let answer = self.ask_data(authorised(self.url.at("accounts"), token)?).await?;
        let wire: AccountsWire =
            answer.json().map_err(|_| BankFailure::Unusable("it has no list of accounts"))?;
        wire.accounts.into_iter().filter_map(account).collect()
    }

    /// A page of an account's transactions.
    pub(crate) async fn page(
        &self,
        token: &str,
        account: &str,
        currency: Currency,
        page: PageOf<'_>,
    ) -> Result<Page, BankFailure> {
        let mut url = self.url.at("accounts");
        if let Ok(mut path) = url.path_segments_mut() {
            path.push(account).push("transactions");
        }
        match page {
            PageOf::First { from, to } => url
                .query_pairs_mut()
                .append_pair("from", &from.to_string())
                .append_pair("to", &to.to_string()),
            PageOf::Next(cursor) => url.query_pairs_mut().append_pair("cursor", cursor),
        };
        let answer = self.ask_data(authorised(url, token)?).await?;
        let wire: PageWire =
            answer.json().map_err(|_| BankFailure::Unusable("it is no page of transactions"))?;
        if wire.next.as_ref().is_some_and(|next| next.len() > MAX_NAME_BYTES) {
            return Err(BankFailure::Unusable("its cursor is too long"));
        }
        let transactions = wire.transactions.iter().map(|one| transaction(one, currency));
        let transactions = transactions.collect::<Result<_, _>>()?;
        Ok(Page { transactions, from: wire.from, to: wire.to, next: wire.next })
    }
}

fn authorised(url: Url, token: &str) -> Result<Request, BankFailure> {
    let mut value = HeaderValue::from_str(&format!("Bearer {token}"))
        .map_err(|_| BankFailure::Unusable("its token is no header's value"))?;
    value.set_sensitive(true);
    Ok(Request::get(url).header(AUTHORIZATION, value))
}

fn account(wire: AccountWire) -> Option<Result<BankAccount, BankFailure>> {
    let currency: Currency = wire.currency.parse().ok()?;
    if wire.id.is_empty() || wire.id.len() > MAX_NAME_BYTES {
        return Some(Err(BankFailure::Unusable("an account has no id")));
    }
    let kind = match wire.kind.as_str() {
        "savings" => AccountKind::Savings,
        "current" => AccountKind::Current,
        _ => return None,
    };
    Some(minor_units(&wire.balance.amount, currency).map(|balance| BankAccount {
        id: wire.id,
        currency,
        kind,
        balance,
        balance_on: wire.balance.on,
        opened_on: wire.opened_on,
    }))
}

fn transaction(wire: &TransactionWire, currency: Currency) -> Result<Transaction, BankFailure> {
    let unusable = |why| Err(BankFailure::Unusable(why));
    if wire.id.is_empty() || wire.id.len() > MAX_NAME_BYTES {
        return unusable("a transaction has no id");
    }
    if wire.currency != currency.code() {
        return unusable("a transaction is in another currency than its account");
    }
    let (status, on) = match wire.status.as_str() {
        "booked" => (Status::Booked, wire.booked_on),
        "pending" => (Status::Pending, wire.value_on),
        _ => return unusable("a transaction is neither booked nor pending"),
    };
    let on = on.ok_or(BankFailure::Unusable("a transaction has no day"))?;
    let amount = minor_units(&wire.amount, currency)?;
    let kind = kind(wire.bank_transaction_code.as_deref().unwrap_or_default(), amount);
    Ok(Transaction { id: wire.id.clone(), status, on, amount, kind })
}

fn minor_units(amount: &str, currency: Currency) -> Result<i64, BankFailure> {
    const NONE: BankFailure = BankFailure::Unusable("an amount is none of its currency");
    let amount: Decimal = amount.parse().map_err(|_| NONE)?;
    let units = Money::new(amount, currency).minor_units().map_err(|_| NONE)?;
    i64::try_from(units).map_err(|_| NONE)
}

/// By the bank transaction code (ISO 20022, external code set: domain, family, sub-family) and the direction.
fn kind(code: &str, amount: i64) -> Kind {
    let (comes_in, family) = (amount > 0, code.get(..9).unwrap_or(code));
    match (code, family) {
        ("PMNT-RCDT-SALA", _) => Kind::Salary,
        ("PMNT-IDDT-UPDD", _) => Kind::ReturnedDebit,
        ("PMNT-ICDT-STDO", _) => Kind::StandingOrder,
        ("PMNT-CCRD-CWDL", _) => Kind::Cash,
        ("ACMT-MCOP-INTR", _) => Kind::Interest,
        (_, "ACMT-MDOP") => Kind::Fee,
        (_, "PMNT-IDDT") => Kind::DirectDebit,
        (_, "PMNT-CCRD") => Kind::Card,
        (_, "PMNT-ICDT") => Kind::TransferOut,
        (_, "PMNT-RCDT") if comes_in => Kind::Income,
        _ if code.starts_with("LDAS-") => Kind::Loan,
        _ => Kind::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(changed: serde_json::Value) -> Result<Transaction, BankFailure> {
        let mut wire = json!({
            "id": "t", "status": "booked", "bookedOn": "2026-11-02", "valueOn": "2026-11-01",
            "amount": "-12.34", "currency": "EUR", "bankTransactionCode": "PMNT-CCRD-POSD",
            "counterparty": { "name": "Secret", "iban": "DE00" }, "remittance": "secret",
        });
        for (name, value) in changed.as_object().unwrap() {
            wire[name] = value.clone();
        }
        transaction(&serde_json::from_value(wire).unwrap(), "EUR".parse().unwrap())
    }

    #[test]
    fn of_a_transaction_amount_day_and_kind_are_left() {
        let it = read(json!({})).unwrap();
        assert_eq!((it.amount, it.kind, it.status), (-1234, Kind::Card, Status::Booked));
        assert!(!format!("{it:?}").contains("ecret"));
        let pending = read(json!({ "status": "pending", "bookedOn": null })).unwrap();
        assert_eq!(pending.on.to_string(), "2026-11-01");
    }

    #[test]
    fn what_the_interface_does_not_know_is_refused() {
        for changed in [
            json!({ "status": "maybe" }),
            json!({ "bookedOn": null }),
            json!({ "amount": "12,34" }),
            json!({ "amount": "0.001" }),
            json!({ "amount": "99999999999999999999" }),
            json!({ "currency": "USD" }),
            json!({ "id": "" }),
        ] {
            assert!(matches!(read(changed.clone()), Err(BankFailure::Unusable(_))), "{changed}");
        }
    }

    #[test]
    fn a_code_that_is_new_is_something_else() {
        assert_eq!(kind("PMNT-RCDT-QQQQ", 1), Kind::Income);
        assert_eq!(kind("LDAS-CSLN-PPAY", -1), Kind::Loan);
        for code in ["", "X", "ÄÖÜ-ß", "CAMT-ACCB-ZABA"] {
            assert_eq!(kind(code, -1), Kind::Other);
        }
    }
}
