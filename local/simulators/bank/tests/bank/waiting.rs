//! The bank takes its time with the first page of an account's transactions, with nothing else, and lets many wait.

use bank::Options;
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use tokio::{io::AsyncWriteExt as _, net::TcpStream};

use crate::rig::{Rig, http, until_in_flight};

/// As long as the bank takes at most: who waits for it waits until the test ends.
const FOR_EVER: Duration = Duration::from_secs(600);

#[tokio::test]
async fn the_delay_is_of_the_first_page() {
    let delay = Duration::from_millis(400);
    let rig = Rig::with(Options { delay, page_size: 20, ..Options::ephemeral() }).await;
    let token = rig.token("salaried").await;
    let path = rig.transactions_path(&token).await;
    let begun = Instant::now();
    let pages = rig.pages(&token, &path, 1).await;
    assert!(begun.elapsed() >= delay);
    assert!(pages[0]["next"].is_string());
}

#[tokio::test]
async fn everything_else_is_answered_while_first_pages_wait() {
    let slow = Options { delay: FOR_EVER, page_size: 20, ..Options::ephemeral() };
    let quick = Rig::with(Options { delay: Duration::ZERO, ..slow.clone() }).await;
    let rig = Rig::with(slow).await;
    let token = rig.token("saver").await;
    let accounts = rig.accounts(&token).await;
    let path =
        |nth: usize| format!("accounts/{}/transactions", accounts[nth]["id"].as_str().unwrap());
    let both: Vec<_> = [0, 1].map(|nth| tokio::spawn(rig.ask(&token, &path(nth)).send())).into();
    rig.until_in_flight(2).await;

    // A cursor holds all of the question: that of a bank with the same people is as good.
    let of_quick = quick.token("saver").await;
    let first = quick.pages(&of_quick, &path(0), 1).await.remove(0);
    let second = format!("{}?cursor={}", path(0), first["next"].as_str().unwrap());
    assert_eq!(rig.get(&token, &second).await, quick.get(&of_quick, &second).await);
    let consented = rig.token_by_consent("salaried").await;
    assert_eq!(rig.accounts(&consented).await.len(), 1);
    assert_eq!(rig.as_credit("revoke", &[("token", &consented)]).await.0, 200);
    let counters = rig.counters().await;
    assert_eq!((&counters["inFlight"], &counters["mostInFlight"]), (&json!(2), &json!(3)));
    assert_eq!(counters["calls"]["transactions"], 3);
    assert!(both.iter().all(|waits| !waits.is_finished()));
    both.iter().for_each(tokio::task::JoinHandle::abort);
    rig.until_in_flight(0).await;
}

#[tokio::test]
async fn who_has_withdrawn_the_consent_meanwhile_shows_nothing() {
    let delay = Duration::from_millis(400);
    let rig = Rig::with(Options { delay, ..Options::ephemeral() }).await;
    let token = rig.token("salaried").await;
    let path = rig.transactions_path(&token).await;
    let waits = tokio::spawn(rig.ask(&token, &path).send());
    rig.until_in_flight(1).await;
    rig.post("v1/simulation/withdrawals", &json!({"customer": "salaried"})).await;
    assert_eq!(waits.await.unwrap().unwrap().status(), 403);
}

/// The bank as a program of its own, so that what it costs can be told from what the test costs.
struct Program {
    child: Child,
    url: String,
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Program {
    fn start() -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_bank"))
            .env_clear()
            .envs([("PORT", "0"), ("BANK_DELAY", "10m")])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.trim().split_once(' ').unwrap().1.trim_end_matches('/').to_owned();
        Self { child, url }
    }

    async fn token(&self, customer: &str) -> String {
        let request = http().post(format!("{}/v1/simulation/tokens", self.url));
        let answer = request.body(json!({"customer": customer}).to_string()).send().await.unwrap();
        let token: Value = answer.json().await.unwrap();
        token["access_token"].as_str().unwrap().to_owned()
    }

    async fn accounts(&self, token: &str) -> Value {
        let request = http().get(format!("{}/accounts", self.url)).bearer_auth(token);
        request.send().await.unwrap().json().await.unwrap()
    }

    /// A line of what Linux says about it; none elsewhere.
    fn status(&self, name: &str) -> Option<u64> {
        let path = format!("/proc/{}/status", self.child.id());
        let status = std::fs::read_to_string(path).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        line.trim_matches([':', '\t', ' ']).split(' ').next()?.parse().ok()
    }
}

#[tokio::test]
async fn a_thousand_wait_for_little() {
    const CALLERS: u64 = 1_000;
    const MOST_KB_EACH: u64 = 64;
    let bank = Program::start();
    let token = bank.token("salaried").await;
    let accounts = bank.accounts(&token).await;
    let account = accounts["accounts"][0]["id"].as_str().unwrap();
    let address = bank.url.strip_prefix("http://").unwrap();
    let request = format!(
        "GET /accounts/{account}/transactions HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\n\r\n"
    );
    let before = (bank.status("VmRSS"), bank.status("Threads"));
    let mut callers = Vec::new();
    for _ in 0..CALLERS {
        let mut caller = TcpStream::connect(address).await.unwrap();
        caller.write_all(request.as_bytes()).await.unwrap();
        callers.push(caller);
    }
    until_in_flight(&http(), &bank.url, CALLERS).await;
    if let (Some(before), Some(now)) = (before.0, bank.status("VmRSS")) {
        let each = now.saturating_sub(before) / CALLERS;
        assert!(each <= MOST_KB_EACH, "{each} kB for each who waits");
    }
    assert_eq!(bank.status("Threads"), before.1, "nobody who waits has a thread");
    assert_eq!(bank.accounts(&token).await, accounts);
    drop(callers);
    until_in_flight(&http(), &bank.url, 0).await;
}
