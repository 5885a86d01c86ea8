//! A page of an account's transactions.

use jiff::{ToSpan as _, civil::Date};
use serde::Serialize;
use simulator_shell::Request;

use super::{
    Cursor, Denied, MAX_HISTORY_DAYS,
    statement::{Account, TransactionView},
};
use crate::{Faults, people::Person};

/// What is asked about an account, whichever page it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Question<'a> {
    pub(crate) person: &'a Person,
    pub(crate) account: &'a str,
    pub(crate) today: Date,
    /// How far back the consent goes, in days.
    pub(crate) days: i32,
    /// Transactions on a page, where no cursor says it.
    pub(crate) size: u32,
    pub(crate) faults: &'a Faults,
}

/// The answer.
#[derive(Debug, Serialize)]
pub(crate) struct Page {
    transactions: Vec<TransactionView>,
    pub(crate) from: Date,
    pub(crate) to: Date,
    next: Option<String>,
}

/// Where the page that a request asks for begins.
pub(crate) fn place(request: &Request, question: &Question<'_>) -> Result<Cursor, Denied> {
    if let Some(text) = request.parameter("cursor") {
        let cursor = Cursor::read(&text).filter(|cursor| cursor.account == question.account);
        return cursor.ok_or(Denied::InvalidRequest("cursor is none of this account"));
    }
    let Question { today, faults, .. } = *question;
    let day = |name| match request.parameter(name).map(|text| text.parse::<Date>()) {
        None => Ok(None),
        Some(Ok(day)) => Ok(Some(day)),
        Some(Err(_)) => Err(Denied::InvalidRequest("from and to are days such as 2026-11-28")),
    };
    let back = |days: i32| today.saturating_sub(days.days());
    let earliest = back(question.days.min(MAX_HISTORY_DAYS));
    let (from, to) = (day("from")?.unwrap_or(earliest), day("to")?.unwrap_or(today));
    if from > to {
        return Err(Denied::InvalidRequest("from is not after to"));
    }
    let short = faults.short_history_days.map(|days| i32::try_from(days).unwrap_or(i32::MAX));
    Ok(Cursor {
        account: question.account.to_owned(),
        today,
        from: from.max(earliest),
        to: to.min(today),
        size: question.size,
        index: 0,
        again: false,
        twins: faults.pending_twins,
        since: short.map(|days| back(days.min(MAX_HISTORY_DAYS))),
    })
}

/// The page at a place.
pub(crate) fn page(place: &Cursor, question: &Question<'_>) -> Result<Page, Denied> {
    let account = Account::with_id(question.person, question.account, place.today);
    let account = account.ok_or(Denied::NoAccount)?;
    let from = place.since.map_or(place.from, |since| place.from.max(since));
    let lines = account.lines(from, place.to, place.twins || question.faults.pending_twins);
    let size = usize::try_from(place.size).unwrap_or(usize::MAX);
    let start = size.saturating_mul(usize::try_from(place.index).unwrap_or(usize::MAX));
    let shown = lines.iter().skip(start).take(size);
    let transactions = shown.map(|line| account.transaction(line)).collect();
    let faults = question.faults;
    let next = if faults.cursor_loops {
        Some(place.clone())
    } else if faults.duplicate_page && !place.again {
        Some(Cursor { again: true, ..place.clone() })
    } else {
        (lines.len() > start.saturating_add(size)).then(|| place.next())
    };
    let next = next.map(|next| next.write());
    Ok(Page { transactions, from: place.from, to: place.to, next })
}
