//! What people may say about accounts and cards.

use super::{Account, AccountId, AccountState, Amount, CustomerId, Cycle, Zone, without_pans};
use jiff::Timestamp;
use money::{Currency, Money, MoneyError};
use serde_json::Value;
use values::{Fields, Line, Refused, Revision, Violations};

/// The last day of a month that every month has.
const LAST_STATEMENT_DAY: i64 = 28;
/// The day on which a statement is closed unless somebody says another.
const STATEMENT_DAY: u8 = 1;

/// The body of `POST accounts`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewAccount {
    customer_id: CustomerId,
    terms: Terms,
    limit: Amount,
    currency: Currency,
}

/// What the customer may change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Terms {
    pub(crate) name: Line<100>,
    pub(crate) statement_day: u8,
    pub(crate) zone: Zone,
}

impl NewAccount {
    pub(crate) fn parse(body: &Value) -> Result<Self, Violations> {
        let mut fields = Fields::of(body)?;
        let customer_id = fields.text("customerId", str::parse);
        let terms = Terms::read(&mut fields);
        let limit = fields.object("limit", |limit| read_amount(limit, None));
        fields.finish()?;
        let (limit, currency) = limit?;
        Ok(Self { customer_id: customer_id?, terms: terms?, limit, currency })
    }

    pub(crate) fn customer_id(&self) -> CustomerId {
        self.customer_id
    }

    pub(crate) fn open(self, id: AccountId, now: Timestamp) -> Account {
        let Self { customer_id, terms, limit, currency } = self;
        let Terms { name, statement_day, zone } = terms;
        Account {
            id,
            customer_id,
            name,
            currency,
            limit,
            posted: Amount::ZERO,
            held: Amount::ZERO,
            entries: 0,
            credited: Amount::ZERO,
            statement_day,
            cycle: Cycle::begin(now, statement_day, zone),
            state: AccountState::Open,
            revision: Revision::FIRST,
            opened_at: now,
        }
    }
}

impl Terms {
    /// The account with these terms: a new version, unless they are what it has.
    pub(crate) fn applied_to(self, account: Account) -> Account {
        let Self { name, statement_day, zone } = self;
        let cycle = Cycle { zone, ..account.cycle };
        if (&name, statement_day, &cycle) == (&account.name, account.statement_day, &account.cycle)
        {
            return account;
        }
        Account { name, statement_day, cycle: cycle.on(statement_day), ..account }.revised()
    }

    /// The body of `PATCH accounts/{accountId}`, merged into what is.
    pub(crate) fn parse(body: &Value) -> Result<Self, Violations> {
        let mut fields = Fields::of(body)?;
        let terms = Self::read(&mut fields);
        fields.finish()?;
        Ok(terms?)
    }

    fn read(fields: &mut Fields<'_>) -> Result<Self, Refused> {
        let name = fields.text("name", masked_line);
        let day = fields.optional_integer("statementDay", statement_day);
        let zone = fields.optional_text("zone", str::parse);
        let statement_day = day?.unwrap_or(STATEMENT_DAY);
        Ok(Self { name: name?, statement_day, zone: zone?.unwrap_or_default() })
    }
}

/// A line in which no card number is left, whoever typed it there.
pub(super) fn masked_line<const MAX: usize>(text: &str) -> Result<Line<MAX>, String> {
    Line::parse(&without_pans(text))
}

fn statement_day(day: i64) -> Result<u8, String> {
    match u8::try_from(day) {
        Ok(day) if (1..=LAST_STATEMENT_DAY).contains(&i64::from(day)) => Ok(day),
        _ => Err(format!("must be a day that every month has: 1 to {LAST_STATEMENT_DAY}")),
    }
}

/// The body of `PUT accounts/{accountId}/limit`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewLimit {
    pub(crate) limit: Amount,
    pub(crate) why: Line<500>,
}

impl NewLimit {
    pub(crate) fn parse(body: &Value, currency: Currency) -> Result<Self, Violations> {
        let mut fields = Fields::of(body)?;
        let limit = fields.object("limit", |limit| read_amount(limit, Some(currency)));
        let why = fields.text("why", masked_line);
        fields.finish()?;
        Ok(Self { limit: limit?.0, why: why? })
    }
}

/// An amount of a body and its currency, which is to be this one if one is given.
pub(super) fn read_amount(
    fields: &mut Fields<'_>,
    wanted: Option<Currency>,
) -> Result<(Amount, Currency), Refused> {
    let currency = fields.text("currency", |text| match (text.parse::<Currency>(), wanted) {
        (Ok(currency), Some(wanted)) if currency != wanted => {
            Err(format!("must be {wanted}, the currency of the account"))
        }
        (parsed, _) => parsed.map_err(|error| error.to_string()),
    });
    let amount = fields.text("amount", |text| {
        let Ok(currency) = currency else { return Ok(Amount::ZERO) };
        let money: Money =
            format!("{text} {currency}").parse().map_err(|error: MoneyError| error.to_string())?;
        Amount::of(money, currency).map_err(|error| error.to_string())
    });
    Ok((amount?, currency?))
}
