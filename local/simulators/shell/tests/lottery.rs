//! A simulator that is an API and a fault, as its clients see it.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use bytes::Bytes;
use futures::stream;
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use simulator_shell::{
    Down, Faults, Field, Fieldset, HangUp, Reply, Request, Running, Settings, Simulator,
    StatusCode, reply, start,
};

simulator_shell::faults! {
    /// What goes wrong at the lottery.
    struct LotteryFaults {
        /// Every ticket loses.
        rigged: bool,
    }
}

impl Faults for LotteryFaults {
    fn fieldsets() -> Vec<Fieldset> {
        vec![Fieldset::new("The draw", vec![Field::checkbox("rigged", "Every ticket loses")])]
    }
}

struct Lottery;

impl Simulator for Lottery {
    type Faults = LotteryFaults;
    const NAME: &'static str = "lottery";
    const TITLE: &'static str = "Lottery <of tests>";
    const ABOUT: &'static str = "Draws numbers.";
    const MAX_BODY_BYTES: usize = 100;

    async fn api(&self, request: Request, faults: LotteryFaults) -> Result<Reply, HangUp> {
        if request.path() == "/numbers" {
            let numbers = stream::iter([Ok(Bytes::from_static(b"1, 2, ")), Err(HangUp)]);
            return Ok(reply::streamed(StatusCode::OK, "text/plain", numbers));
        }
        Ok(reply::json(StatusCode::OK, &if faults.rigged { "lost" } else { "won" }))
    }

    fn concerns(&self, request: &Request, _faults: &LotteryFaults) -> bool {
        request.path() != "/rules"
    }

    fn detail(&self, request: &Request) -> Value {
        json!({ "bytes": request.body.len() })
    }
}

struct Rig {
    running: Running<Lottery>,
    http: reqwest::Client,
}

impl Rig {
    async fn start(settings: &[(&str, &str)]) -> Self {
        // reqwest asks for a TLS implementation even where none is used; the second test of a process finds one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let redirect = reqwest::redirect::Policy::none();
        let http = reqwest::Client::builder().no_proxy().redirect(redirect).build().unwrap();
        let all = [("PORT", "0")].iter().chain(settings).copied();
        let options = Settings::of(all).options("LOTTERY", 7090).unwrap();
        Self { running: start(Lottery, options).await.unwrap(), http }
    }

    fn get(&self, path: &str) -> reqwest::RequestBuilder {
        self.http.get(format!("{}{path}", self.running.url()))
    }

    async fn draw(&self) -> Option<(u16, Value)> {
        let answer = self.get("draw?ticket=7").send().await.ok()?;
        Some((answer.status().as_u16(), answer.json().await.unwrap()))
    }
}

#[tokio::test]
async fn a_fault_of_its_own_strikes_so_many_times_and_then_no_more() {
    let rig = Rig::start(&[("LOTTERY_FAULTS", "rigged,times=1")]).await;
    assert_eq!(rig.draw().await, Some((200, "lost".into())));
    assert_eq!(rig.draw().await, Some((200, "won".into())));
}

#[tokio::test]
async fn what_the_faults_do_not_concern_is_neither_struck_nor_counted() {
    let rig = Rig::start(&[("LOTTERY_FAULTS", "rigged,times=1")]).await;
    assert_eq!(rig.get("rules").send().await.unwrap().text().await.unwrap(), "\"won\"");
    assert_eq!(rig.draw().await, Some((200, "lost".into())));
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_no_whole_answer() {
    let rig = Rig::start(&[]).await;
    let answer = rig.get("numbers").send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert!(answer.text().await.is_err());
}

#[tokio::test]
async fn the_network_is_down_or_throttled_and_health_is_not() {
    let rig = Rig::start(&[("LOTTERY_FAULTS", r#"{"down": "closed"}"#)]).await;
    assert_eq!(rig.draw().await, None);
    assert_eq!(rig.get("health").send().await.unwrap().status(), 200);
    let busy = LotteryFaults { down: Some(Down::ServerBusy), ..LotteryFaults::default() };
    rig.running.set_faults(busy).unwrap();
    assert_eq!(rig.draw().await.unwrap().0, 503);
    let throttled = "throttle.every=2,throttle.retryAfterSeconds=7".parse().unwrap();
    rig.running.set_faults(throttled).unwrap();
    assert_eq!(rig.draw().await.unwrap().0, 200);
    let second = rig.get("draw").send().await.unwrap();
    assert_eq!(
        (second.status().as_u16(), &second.headers()["retry-after"]),
        (429, &"7".parse().unwrap())
    );
}

#[tokio::test]
async fn the_same_seed_strikes_the_same_requests() {
    let struck = async |seed: &str| {
        let rig =
            Rig::start(&[("LOTTERY_FAULTS", "rigged,probability=0.3"), ("LOTTERY_SEED", seed)])
                .await;
        let mut lost = Vec::new();
        for _ in 0..50 {
            lost.push(rig.draw().await.unwrap().1 == "lost");
        }
        lost
    };
    let first = struck("7").await;
    assert_eq!(first, struck("7").await);
    assert!((3..35).contains(&first.iter().filter(|lost| **lost).count()));
}

#[tokio::test]
async fn the_log_shows_requests_to_the_api_and_no_others() {
    let rig = Rig::start(&[]).await;
    for _ in 0..2 {
        rig.draw().await;
    }
    rig.get("faults").send().await.unwrap();
    let log: Value = rig.get("log?after=1").send().await.unwrap().json().await.unwrap();
    let mut entry = log["entries"][0].clone();
    assert!(entry["at"].take().is_string());
    let expected = json!({
        "number": 2, "at": null, "method": "GET", "path": "/draw", "traceparent": null, "status": 200,
        "detail": { "bytes": 0 },
    });
    assert_eq!((entry, &log["requests"]), (expected, &json!(2)));
    let forgotten = rig.http.delete(format!("{}log", rig.running.url())).send().await.unwrap();
    assert_eq!(forgotten.json::<Value>().await.unwrap()["entries"], json!([]));
}

#[tokio::test]
async fn faults_are_switched_by_json_and_by_the_form_and_nonsense_changes_nothing() {
    let rig = Rig::start(&[]).await;
    let url = format!("{}faults", rig.running.url());
    let put = rig.http.put(&url).body(r#"{"rigged": true, "times": 2}"#).send().await.unwrap();
    assert_eq!(put.status(), 200);
    let page = rig.get("").send().await.unwrap().text().await.unwrap();
    for part in ["Lottery &#60;of tests&#62;", "Faults are on.", "2 more requests", "checked"] {
        assert!(page.contains(part), "{part} is not on the page:\n{page}");
    }
    for (body, said) in [
        (r#"{"riged": true}"#, "unknown field `riged`"),
        (r#"{"probability": 2}"#, "probability is from 0 to 1"),
        (r#"{"delayMs": 600001}"#, "delayMs is at most 600000"),
        (r#"{"throttle": {"every": 0}}"#, "throttle.every is at least 1"),
        ("{} {}", "trailing characters"),
    ] {
        let refused = rig.http.put(&url).body(body).send().await.unwrap();
        assert_eq!(refused.status(), 400, "{body}");
        let text = refused.text().await.unwrap();
        assert!(text.contains(said), "{body}: {text}");
    }
    assert_eq!(rig.draw().await.unwrap().1, "lost");
    let form = |body: &'static str| rig.http.post(&url).body(body).send();
    assert_eq!(form("rigged=on&down=&probability=1").await.unwrap().status(), 303);
    assert_eq!(form("probability=often").await.unwrap().status(), 400);
    assert_eq!(form("").await.unwrap().status(), 303);
    assert_eq!(rig.draw().await.unwrap().1, "won");
}

#[tokio::test]
async fn another_site_a_foreign_name_and_too_large_a_body_are_refused() {
    let rig = Rig::start(&[]).await;
    let url = format!("{}draw", rig.running.url());
    let status = async |request: reqwest::RequestBuilder| request.send().await.unwrap().status();
    assert_eq!(status(rig.http.post(&url).header("sec-fetch-site", "cross-site")).await, 403);
    assert_eq!(status(rig.http.get(&url).header("host", "rebound.example")).await, 421);
    assert_eq!(status(rig.http.post(&url).body("x".repeat(101))).await, 413);
}

#[tokio::test]
async fn its_clock_travels_with_the_platform_s() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(&file, "2678400000").unwrap();
    let rig = Rig::start(&[("CLOCK_OFFSET_FILE", file.path().to_str().unwrap())]).await;
    let clock = values::Clock::system();
    let before = clock.now();
    rig.draw().await;
    let at = rig.running.log().entries()[0].at;
    let days = jiff::SignedDuration::from_hours(31 * 24);
    assert!(at.duration_since(before) >= days, "{at}");
    assert!(at.duration_since(clock.now()) <= days, "{at}");
}

#[tokio::test]
async fn a_setting_that_makes_no_sense_is_named_with_an_example() {
    for (name, value) in
        [("PORT", "many"), ("LOTTERY_FAULTS", "riged"), ("CLOCK_OFFSET_FILE", "none")]
    {
        let options = Settings::of([(name, value)]).options::<LotteryFaults>("LOTTERY", 7090);
        let error = options.unwrap_err().to_string();
        assert!(error.contains(name) && error.contains("for example"), "{error}");
    }
}
