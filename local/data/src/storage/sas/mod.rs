//! Shared access signatures: what they say, and whether it holds.
//!
//! Three kinds: an account SAS (has `ss` and `srt`), a service SAS (signed with the account key, may lean on a
//! stored policy), and a user delegation SAS (has `skoid`, signed with a key that we issued).
//! Not looked at: `spr`, since there is only plain HTTP on the loopback interface, and encryption scopes.

mod issue;
mod string_to_sign;

use std::net::Ipv4Addr;

use jiff::Timestamp;

use super::{
    account,
    authorization::{Access, Policy, Presented, Requirement, ResourceType},
    code, dates, delegation_key,
    failure::{Failure, unauthenticated},
};
use crate::Service;

pub use issue::account_sas;

/// The oldest `sv` whose signatures are known here.
const MIN_VERSION: &str = "2015-04-05";

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Account,
    Service,
    UserDelegation,
}

/// Checks the signature that is presented against what the operation requires.
pub(super) fn check(
    presented: Presented<'_>,
    requirement: Requirement,
    policies: impl FnOnce() -> Vec<Policy>,
) -> Result<Access, Failure> {
    let query = presented.query;
    if query.text("sv") < MIN_VERSION {
        return Err(unauthenticated(format!("sv is mandatory and at least {MIN_VERSION}")));
    }
    let kind = match (query.get("ss"), query.get("skoid")) {
        (Some(_), _) => Kind::Account,
        (None, Some(_)) => Kind::UserDelegation,
        (None, None) => Kind::Service,
    };
    check_signature(&presented, kind)?;
    let policy = match query.get("si") {
        Some(id) if kind == Kind::Service => {
            let found = policies().into_iter().find(|policy| policy.id == id);
            found.ok_or_else(|| {
                unauthenticated(format!("there is no stored access policy \"{id}\""))
            })?
        }
        _ => Policy::default(),
    };
    check_time(&presented, &policy)?;
    check_address(query.get("sip"))?;
    let permissions = either("sp", query.text("sp"), &policy.permissions)?;
    let needed = match kind {
        Kind::Account => {
            check_scope(&presented, requirement)?;
            requirement.account
        }
        Kind::Service | Kind::UserDelegation => requirement.service,
    };
    let access = Access::Granted(permissions.to_owned());
    access.require(needed)?;
    Ok(access)
}

fn check_signature(presented: &Presented<'_>, kind: Kind) -> Result<(), Failure> {
    let text = match kind {
        Kind::Account => string_to_sign::account(presented.query),
        Kind::Service => string_to_sign::service(presented)?,
        Kind::UserDelegation => string_to_sign::user_delegation(presented)?,
    };
    let key = match kind {
        Kind::Account | Kind::Service => account::key(),
        Kind::UserDelegation => delegation_key::of_signature(presented)?,
    };
    if account::is_signed(&key, &text, presented.query.text("sig")) {
        return Ok(());
    }
    let shown = text.replace('\n', "\\n");
    Err(unauthenticated(format!("Signature did not match. String to sign used was {shown}")))
}

/// The value that the signature or its policy gives; not both.
fn either<'a>(name: &str, signed: &'a str, stored: &'a str) -> Result<&'a str, Failure> {
    match (signed, stored) {
        ("", stored) => Ok(stored),
        (signed, "") => Ok(signed),
        _ => Err(unauthenticated(format!(
            "{name} is in the signature and in its stored access policy"
        ))),
    }
}

fn check_time(presented: &Presented<'_>, policy: &Policy) -> Result<(), Failure> {
    let start = either("st", presented.query.text("st"), &policy.start)?;
    let expiry = either("se", presented.query.text("se"), &policy.expiry)?;
    if expiry.is_empty() {
        return Err(unauthenticated("se is mandatory"));
    }
    within(presented.now, start, expiry, "Signature")
}

/// Checks that `now` lies between two signed times; the first may be missing.
pub(super) fn within(now: Timestamp, start: &str, expiry: &str, what: &str) -> Result<(), Failure> {
    let read = |name: &str, text: &str| {
        dates::parse_iso(text)
            .ok_or_else(|| unauthenticated(format!("{name} '{text}' is not a time in UTC")))
    };
    let begun = start.is_empty() || read("the signed start", start)? <= now;
    if begun && now < read("the signed expiry", expiry)? {
        return Ok(());
    }
    Err(unauthenticated(format!(
        "{what} not valid in the specified time frame: Start [{start}] - Expiry [{expiry}] - Current [{}]",
        dates::http(now)
    )))
}

/// Every client is on this machine, so a signature for other addresses is for somebody else.
fn check_address(range: Option<&str>) -> Result<(), Failure> {
    let Some(range) = range else { return Ok(()) };
    let (first, last) = range.split_once('-').unwrap_or((range, range));
    match (first.parse::<Ipv4Addr>(), last.parse::<Ipv4Addr>()) {
        (Ok(first), Ok(last)) if (first..=last).contains(&Ipv4Addr::LOCALHOST) => Ok(()),
        _ => Err(code::AUTHORIZATION_SOURCE_IP_MISMATCH.into()),
    }
}

fn check_scope(presented: &Presented<'_>, requirement: Requirement) -> Result<(), Failure> {
    let service = match presented.service {
        Service::Queue => 'q',
        _ => 'b',
    };
    if !presented.query.text("ss").contains(service) {
        return Err(code::AUTHORIZATION_SERVICE_MISMATCH.into());
    }
    let resource = match requirement.resource {
        ResourceType::Service => 's',
        ResourceType::Container => 'c',
        ResourceType::Object => 'o',
    };
    if !presented.query.text("srt").contains(resource) {
        return Err(code::AUTHORIZATION_RESOURCE_TYPE_MISMATCH.into());
    }
    Ok(())
}

#[cfg(test)]
mod tests;
