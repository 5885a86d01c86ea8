//! The bank at its address: which request goes where, and what faults make of the answer.

use std::{sync::OnceLock, time::Duration};

use http::{HeaderValue, header};
use jiff::{SignedDuration, Timestamp, civil::Date, fmt::rfc2822::DateTimePrinter, tz::TimeZone};
use serde_json::{Value, json};
use simulator_shell::{HangUp, Reply, Request, Section, Simulator, StatusCode, reply};
use tokio::time::sleep;

use crate::{
    Faults, Operation, Options, console,
    counters::{Counters, fingerprint},
    data::{Account, Cursor, Denied, Question, page, place, shown, spoiled},
    handed::Handed,
    oauth::{self, Access, Clients, Form, Grants, Refused},
    operation::{Asked, account_of, asked},
    people::Person,
};

/// How long a hanging connection is held.
const HANG: Duration = Duration::from_secs(600);
/// Waiting costs a few kilobytes each: a thousand and more may wait.
const MAX_CONNECTIONS: usize = 4_096;

/// The bank as clients and people see it.
#[derive(Debug)]
pub(crate) struct Desk {
    pub(crate) options: Options,
    pub(crate) grants: Grants,
    pub(crate) clients: Clients,
    pub(crate) counters: Counters,
    pub(crate) handed: Handed,
    issuer: OnceLock<String>,
}

/// What holds for one request.
pub(crate) struct Now {
    pub(crate) at: Timestamp,
    pub(crate) faults: Faults,
}

impl Now {
    pub(crate) fn today(&self) -> Date {
        self.at.to_zoned(TimeZone::UTC).date()
    }
}

impl Simulator for Desk {
    type Faults = Faults;
    const NAME: &'static str = "bank";
    const TITLE: &'static str = "Bank";
    const ABOUT: &'static str = "Keeps the accounts of people who do not exist, and asks them before it shows them to anybody.";
    const MAX_CONNECTIONS: usize = MAX_CONNECTIONS;

    async fn api(&self, request: Request, faults: Faults) -> Result<Reply, HangUp> {
        let Some(Asked { operation, .. }) = asked(&request) else { return Ok(console::not_here()) };
        let _in_flight = self.counters.enter(operation);
        let reply = self.answer(operation, &request, faults).await?;
        self.counters.answered(reply.status().as_u16());
        Ok(reply)
    }

    fn concerns(&self, request: &Request, faults: &Faults) -> bool {
        asked(request).is_some_and(|asked| faults.concern(asked))
    }

    async fn control(&self, request: &Request) -> Option<Reply> {
        console::answer(self, request)
    }

    async fn sections(&self, _query: &str) -> Vec<Section> {
        console::sections(self)
    }

    fn detail(&self, request: &Request) -> Value {
        let page = asked(request).and_then(|asked| asked.page);
        json!({"token": shown(request).ok().map(fingerprint), "page": page})
    }
}

impl Desk {
    pub(crate) fn new(options: Options, grants: Grants, clients: Clients) -> Self {
        Self {
            options,
            grants,
            clients,
            counters: Counters::default(),
            handed: Handed::default(),
            issuer: OnceLock::new(),
        }
    }

    /// It serves at this address, which is its name unless it has another.
    pub(crate) fn is_at(&self, url: &str) {
        let name = self.options.issuer.clone();
        self.issuer.get_or_init(|| name.unwrap_or_else(|| url.trim_end_matches('/').to_owned()));
    }

    pub(crate) fn issuer(&self) -> &str {
        let by_port = || format!("http://127.0.0.1:{}", self.options.port);
        self.issuer.get_or_init(|| self.options.issuer.clone().unwrap_or_else(by_port))
    }

    pub(crate) fn now(&self, faults: Faults) -> Now {
        let off = SignedDuration::from_secs(faults.clock_off_seconds);
        Now { at: self.options.clock.now() + off, faults }
    }

    async fn answer(
        &self,
        operation: Operation,
        request: &Request,
        faults: Faults,
    ) -> Result<Reply, HangUp> {
        if !operation.methods().split(", ").any(|method| method == request.method.as_str()) {
            return Ok(console::not_allowed(operation.methods()));
        }
        if faults.hang {
            sleep(HANG).await;
            return Err(HangUp);
        }
        let now = self.now(faults);
        let mut reply = match operation {
            Operation::Par => self.par(request, &now).unwrap_or_else(Reply::from),
            Operation::Authorize => console::authorize(self, request, &now),
            Operation::Token => self.token(request, &now).unwrap_or_else(Reply::from),
            Operation::Revoke => self.revoke(request).unwrap_or_else(Reply::from),
            Operation::Accounts => self.accounts(request, &now).unwrap_or_else(Reply::from),
            Operation::Transactions => {
                self.transactions(request, &now).await.unwrap_or_else(Reply::from)
            }
        };
        if now.faults.spoils(operation) {
            reply = spoiled(reply, &now.faults).await?;
        }
        let date = DateTimePrinter::new().timestamp_to_rfc9110_string(&now.at).ok();
        if let Some(date) = date.and_then(|date| HeaderValue::try_from(date).ok()) {
            reply.headers_mut().insert(header::DATE, date);
        }
        Ok(reply)
    }

    fn par(&self, request: &Request, now: &Now) -> Result<Reply, Refused> {
        let form = Form::of_body(request)?;
        let client = self.clients.authenticated(request, &form)?;
        let pushed = oauth::push(&self.grants, &client, &form, now.at)?;
        Ok(reply::json(StatusCode::CREATED, &pushed))
    }

    fn token(&self, request: &Request, now: &Now) -> Result<Reply, Refused> {
        let form = Form::of_body(request)?;
        let client = self.clients.authenticated(request, &form)?;
        let terms = (self.options.token_lifetime, now.at, now.faults.code_replay_accepted);
        let token = oauth::exchange(&self.grants, &client, &form, terms)?;
        Ok(reply::json(StatusCode::OK, &token))
    }

    fn revoke(&self, request: &Request) -> Result<Reply, Refused> {
        let form = Form::of_body(request)?;
        let client = self.clients.authenticated(request, &form)?;
        oauth::revoke(&self.grants, &client, &form)?;
        Ok(reply::json(StatusCode::OK, &json!({})))
    }

    /// What the token of a request opens, after the faults that end it.
    fn access(&self, request: &Request, now: &Now) -> Result<Access, Denied> {
        let token = shown(request)?;
        if now.faults.token_expires {
            self.grants.expire(token, now.at).map_err(|_| Denied::Broken)?;
        }
        if now.faults.consent_withdrawn {
            self.grants.withdraw(None, Some(token)).map_err(|_| Denied::Broken)?;
        }
        Ok(self.grants.access(token, now.at)?)
    }

    fn person(&self, access: &Access) -> Result<Person, Denied> {
        let person = Person::called(&access.consent.customer, self.options.seed);
        person.ok_or(Denied::InvalidToken)
    }

    fn accounts(&self, request: &Request, now: &Now) -> Result<Reply, Denied> {
        let access = self.access(request, now)?;
        access.consent.covers("accounts")?;
        let (person, today) = (self.person(&access)?, now.today());
        let views: Vec<_> = Account::all(&person, today).iter().map(Account::view).collect();
        for view in &views {
            self.handed.account(&person.customer, &view.id, today);
        }
        Ok(reply::json(StatusCode::OK, &json!({"accounts": views})))
    }

    async fn transactions(&self, request: &Request, now: &Now) -> Result<Reply, Denied> {
        let access = self.access(request, now)?;
        access.consent.covers("transactions")?;
        let person = self.person(&access)?;
        let account = account_of(request.path()).ok_or(Denied::NoAccount)?;
        if !person.pockets().iter().any(|pocket| person.account_id(*pocket) == account) {
            return Err(Denied::NoAccount);
        }
        let question = Question {
            person: &person,
            account,
            today: now.today(),
            days: access.consent.details.days,
            size: self.options.page_size,
            faults: &now.faults,
        };
        let place = place(request, &question)?;
        let begins = request.parameter("cursor").is_none();
        let (who, quota) = ((&*access.token, &*person.customer, account), now.faults.quota_per_day);
        if !self.counters.page(who, begins, (now.today(), quota)) {
            return Err(Denied::QuotaExceeded(seconds_of_today_left(now.at)));
        }
        if begins {
            sleep(self.options.delay).await;
            // Ten seconds are enough to change one's mind.
            let at = self.now(now.faults.clone()).at;
            self.grants.access(&access.token, at)?;
        }
        self.page(&place, &question)
    }

    fn page(&self, place: &Cursor, question: &Question<'_>) -> Result<Reply, Denied> {
        let page = page(place, question)?;
        let (days, person) = ((page.from, page.to), question.person);
        self.handed.transactions(&person.customer, question.account, days, place.today);
        Ok(reply::json(StatusCode::OK, &page))
    }
}

fn seconds_of_today_left(now: Timestamp) -> i64 {
    const DAY: i64 = 86_400;
    DAY - now.as_second().rem_euclid(DAY)
}
