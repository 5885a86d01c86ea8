use crate::domain::{CurrencyBalance, LedgerAccount, Line, Standing, TrialBalance};
use jiff::Timestamp;
use money::{Currency, Money};
use serde::Serialize;

/// `TrialBalance` in openapi.yaml.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TrialBalanceView {
    state: &'static str,
    taken_at: Timestamp,
    currencies: Vec<CurrencyView>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct CurrencyView {
    currency: Currency,
    state: &'static str,
    sum: Money,
    ledger_accounts: Vec<LineView>,
    accounts: AccountsView,
    pending: u64,
    pending_since: Option<Timestamp>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct LineView {
    name: LedgerAccount,
    debits: Money,
    credits: Money,
    balance: Money,
    entries: u64,
    newest_at: Option<Timestamp>,
}

#[derive(Debug, Serialize)]
struct AccountsView {
    count: u64,
    posted: Money,
    difference: Money,
}

impl TrialBalanceView {
    pub(crate) fn of(found: &TrialBalance, taken_at: Timestamp) -> Self {
        let worst =
            [Standing::Unbalanced, Standing::Pending].into_iter().find(|one| found.is(*one));
        Self {
            state: state(worst.unwrap_or(Standing::Balanced)),
            taken_at,
            currencies: found.currencies.iter().map(CurrencyView::of).collect(),
        }
    }
}

impl CurrencyView {
    fn of(one: &CurrencyBalance) -> Self {
        let currency = one.currency;
        Self {
            currency,
            state: state(one.standing),
            sum: one.sum.in_currency(currency),
            ledger_accounts: one
                .lines
                .iter()
                .map(|(name, line)| LineView::of(*name, line, currency))
                .collect(),
            accounts: AccountsView {
                count: one.accounts,
                posted: one.owed.in_currency(currency),
                difference: one.difference.in_currency(currency),
            },
            pending: one.pending,
            pending_since: one.pending_since,
        }
    }
}

impl LineView {
    fn of(name: LedgerAccount, line: &Line, currency: Currency) -> Self {
        Self {
            name,
            debits: line.debits.in_currency(currency),
            credits: line.credits.in_currency(currency),
            balance: line.balance().in_currency(currency),
            entries: line.entries,
            newest_at: line.newest_at,
        }
    }
}

fn state(standing: Standing) -> &'static str {
    match standing {
        Standing::Balanced => "balanced",
        Standing::Pending => "pending",
        Standing::Unbalanced => "unbalanced",
    }
}
