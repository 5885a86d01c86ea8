//! A fault as a text: `cosmos=throttle:next:5`, `messages=delay:2s`, `clock=skew:-1h`.

use std::{fmt, str::FromStr, time::Duration};

use jiff::SignedDuration;
use local_data::{Fault, Requests, Rule, Service, When};

/// How long a throttled client is told to wait, unless the fault says so itself.
const RETRY_AFTER: Duration = Duration::from_secs(1);
/// The longest delay or retry time that can be asked for.
const DELAY_MAX: Duration = Duration::from_secs(5 * 60);
/// The most requests or messages that a fault can be limited to.
const NEXT_MAX: u32 = 1_000_000;
/// The farthest that a clock can be off.
const SKEW_MAX: SignedDuration = SignedDuration::from_hours(10 * 365 * 24);

/// The methods of the services' requests.
const METHODS: [&str; 6] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

/// One fault that can be switched on.
///
/// As a text it is `SERVICE=FAULT[:DURATION][:WHEN][:WHICH]` with
/// `SERVICE` = `cosmos`, `blob`, `queue`, `event-hubs`;
/// `FAULT` = `throttle` (429 or 503 with a time to wait), `fail` (500), `unavailable` (503), `forbid` (403), `stop` (connections are
/// closed without an answer), `lose` (the work is done, and then the same), `pending-copy` (a copy of a
/// blob stays pending), `delay` (needs a duration);
/// `WHEN` = `always` (also without it), `next:N` requests, `nth:N` only that one, `chance:P` with P between 0 and 1;
/// `WHICH` = any of `reads` or `writes`, a method such as `PUT`, and a part of the path such as `/colls/profiles/`;
/// or `messages=duplicate:N`, `messages=delay:DURATION`, `clock=skew:DURATION` (may be negative), `SIMULATOR=stop`.
/// Durations are written `500ms`, `2s`, `1m`, `1h`.
#[derive(Clone, Debug, PartialEq)]
pub enum FaultSpec {
    /// A data service does something wrong.
    Service(Rule),
    /// The next so many messages, pages of a change feed or events are delivered once more.
    DuplicateMessages(u32),
    /// Every message, page or event waits this long before its invocation.
    DelayMessages(Duration),
    /// The triggers' clock is off by so much.
    SkewClock(SignedDuration),
    /// A simulator of this name is not there.
    StopSimulator(String),
}

/// A text that is no fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "fault {text:?}: {why}; write for example cosmos=throttle:next:5, blob=delay:500ms, queue=stop, \
     cosmos=fail:chance:0.2, cosmos=lose:nth:3:writes, messages=duplicate:3, messages=delay:2s, clock=skew:-1h or weather=stop"
)]
pub struct FaultSpecError {
    text: String,
    why: String,
}

impl FromStr for FaultSpec {
    type Err = FaultSpecError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        read(text.trim()).map_err(|why| FaultSpecError { text: text.to_owned(), why })
    }
}

fn read(text: &str) -> Result<FaultSpec, String> {
    let (target, rest) = text.split_once('=').ok_or("there is no `=`")?;
    let mut words = rest.split(':').map(str::trim);
    let word = words.next().unwrap_or_default();
    let spec = match (target.trim(), word) {
        ("messages", "duplicate") => FaultSpec::DuplicateMessages(count(words.next())?),
        ("messages", "delay") => FaultSpec::DelayMessages(delay(words.next().unwrap_or_default())?),
        ("messages", other) => {
            return Err(format!("messages can duplicate or delay, not {other:?}"));
        }
        ("clock", "skew") => FaultSpec::SkewClock(skew(words.next().unwrap_or_default())?),
        ("clock", other) => return Err(format!("a clock can skew, not {other:?}")),
        (name, "stop") if service(name).is_err() && is_folder_name(name) => {
            FaultSpec::StopSimulator(name.to_owned())
        }
        (service, word) => {
            let service = self::service(service)?;
            let mut words = words.by_ref().peekable();
            // `1s` is a duration, `next` is not.
            let given = words
                .next_if(|word| word.parse::<SignedDuration>().is_ok())
                .map(delay)
                .transpose()?;
            let fault = fault(word, given)?;
            let when =
                match words.next_if(|word| ["always", "next", "nth", "chance"].contains(word)) {
                    None | Some("always") => When::Always,
                    Some(word) => when(word, words.next())?,
                };
            return Ok(FaultSpec::Service(Rule { service, only: only(words)?, fault, when }));
        }
    };
    match words.next() {
        Some(extra) => Err(format!("{extra:?} is too much")),
        None => Ok(spec),
    }
}

fn service(text: &str) -> Result<Service, String> {
    match text {
        "cosmos" => Ok(Service::Cosmos),
        "blob" => Ok(Service::Blob),
        "queue" => Ok(Service::Queue),
        "event-hubs" => Ok(Service::EventHubs),
        other => Err(format!(
            "{other:?} is none of cosmos, blob, queue, event-hubs, messages, clock; a simulator can only stop"
        )),
    }
}

/// Simulators are called after their folders.
fn is_folder_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

fn fault(word: &str, duration: Option<Duration>) -> Result<Fault, String> {
    match (word, duration) {
        ("throttle", wait) => Ok(Fault::Throttle { retry_after: wait.unwrap_or(RETRY_AFTER) }),
        ("delay", Some(by)) => Ok(Fault::Delay(by)),
        ("delay", None) => Err("a delay needs a duration".to_owned()),
        ("fail", None) => Ok(Fault::InternalError),
        ("unavailable", None) => Ok(Fault::Unavailable),
        ("forbid", None) => Ok(Fault::Forbidden),
        ("stop", None) => Ok(Fault::Disconnect),
        ("lose", None) => Ok(Fault::LoseAnswer),
        ("pending-copy", None) => Ok(Fault::PendingCopy),
        ("fail" | "unavailable" | "forbid" | "stop" | "lose" | "pending-copy", Some(_)) => {
            Err(format!("{word} takes no duration"))
        }
        (other, _) => Err(format!(
            "{other:?} is none of throttle, delay, fail, unavailable, forbid, stop, lose, pending-copy"
        )),
    }
}

fn when(word: &str, number: Option<&str>) -> Result<When, String> {
    match word {
        "next" => count(number).map(When::Next),
        "nth" => count(number).map(|n| When::Nth(n.into())),
        _ => match number.and_then(|number| number.parse::<f64>().ok()) {
            Some(chance) if (0.0..=1.0).contains(&chance) => Ok(When::Probability(chance)),
            _ => Err(format!("a chance is between 0 and 1, not {:?}", number.unwrap_or_default())),
        },
    }
}

fn only<'a>(words: impl Iterator<Item = &'a str>) -> Result<Requests, String> {
    words.enumerate().try_fold(Requests::any(), |only, (before, word)| match word {
        "writes" => Ok(only.writes()),
        "reads" => Ok(only.reads()),
        path if path.starts_with('/') => Ok(only.path(path)),
        method if METHODS.contains(&method) => Ok(only.method(method)),
        other if before == 0 => Err(format!(
            "{other:?} is none of always, next:N, nth:N, chance:P, reads, writes, a method or a /part/of/the/path"
        )),
        extra => Err(format!("{extra:?} is too much")),
    })
}

fn count(word: Option<&str>) -> Result<u32, String> {
    let number = word.and_then(|word| word.parse().ok());
    number
        .filter(|number| (1..=NEXT_MAX).contains(number))
        .ok_or_else(|| format!("say how many, from 1 to {NEXT_MAX}"))
}

fn delay(text: &str) -> Result<Duration, String> {
    let duration: SignedDuration = text.parse().map_err(|_| not_a_duration(text))?;
    let duration =
        Duration::try_from(duration).map_err(|_| "time does not run backwards".to_owned())?;
    if duration > DELAY_MAX {
        return Err(format!("{text:?} is more than {DELAY_MAX:?}"));
    }
    Ok(duration)
}

fn skew(text: &str) -> Result<SignedDuration, String> {
    let skew: SignedDuration = text.parse().map_err(|_| not_a_duration(text))?;
    if skew.abs() > SKEW_MAX {
        return Err(format!("{text:?} is more than ten years"));
    }
    Ok(skew)
}

fn not_a_duration(text: &str) -> String {
    format!("{text:?} is no duration such as 500ms, 2s, 1m or 1h")
}

impl fmt::Display for FaultSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Service(Rule { service, only, fault, when }) => {
                f.write_str(match service {
                    Service::Cosmos => "cosmos",
                    Service::Blob => "blob",
                    Service::Queue => "queue",
                    Service::EventHubs => "event-hubs",
                })?;
                match fault {
                    Fault::Throttle { retry_after } => write!(f, "=throttle:{retry_after:?}"),
                    Fault::Delay(by) => write!(f, "=delay:{by:?}"),
                    Fault::InternalError => f.write_str("=fail"),
                    Fault::Unavailable => f.write_str("=unavailable"),
                    Fault::Forbidden => f.write_str("=forbid"),
                    Fault::Disconnect => f.write_str("=stop"),
                    Fault::LoseAnswer => f.write_str("=lose"),
                    Fault::PendingCopy => f.write_str("=pending-copy"),
                    // Only tests hold requests: they have the gate.
                    Fault::Hold(_) => f.write_str("=hold"),
                    Fault::HoldAnswer(_) => f.write_str("=hold-answer"),
                }?;
                match when {
                    When::Always => Ok(()),
                    When::Next(count) => write!(f, ":next:{count}"),
                    When::Nth(n) => write!(f, ":nth:{n}"),
                    When::Probability(chance) => write!(f, ":chance:{chance}"),
                }?;
                only.words().into_iter().try_for_each(|word| write!(f, ":{word}"))
            }
            Self::DuplicateMessages(count) => write!(f, "messages=duplicate:{count}"),
            Self::DelayMessages(by) => write!(f, "messages=delay:{by:?}"),
            Self::SkewClock(by) => write!(f, "clock=skew:{by:#}"),
            Self::StopSimulator(name) => write!(f, "{name}=stop"),
        }
    }
}

impl FaultSpec {
    /// What it does, for people.
    pub(crate) fn description(&self) -> String {
        let (fault, service, when, only) = match self {
            Self::Service(Rule { service, only, fault, when }) => (fault, service, when, only),
            Self::DuplicateMessages(1) => return "the next message is delivered twice".to_owned(),
            Self::DuplicateMessages(count) => {
                return format!("the next {count} messages are delivered twice");
            }
            Self::DelayMessages(by) => {
                return format!("every message waits {by:?} before its invocation");
            }
            Self::SkewClock(by) => return format!("the triggers' clock is off by {by:#}"),
            Self::StopSimulator(name) => return format!("the simulator {name} is not there"),
        };
        let what = match fault {
            Fault::Throttle { retry_after } => {
                format!("throttles and asks for {retry_after:?} of patience")
            }
            Fault::Delay(by) => format!("answers {by:?} late"),
            Fault::InternalError => "answers 500".to_owned(),
            Fault::Unavailable => "answers 503".to_owned(),
            Fault::Forbidden => "answers 403".to_owned(),
            Fault::Disconnect => "closes connections without an answer".to_owned(),
            Fault::LoseAnswer => "does its work and loses the answer".to_owned(),
            Fault::PendingCopy => "leaves copies of blobs pending".to_owned(),
            Fault::Hold(_) => "holds requests".to_owned(),
            Fault::HoldAnswer(_) => "holds its answers".to_owned(),
        };
        let what = match only.words()[..] {
            [] => what,
            ref words => format!("{what} ({} only)", words.join(" ")),
        };
        match when {
            When::Always => format!("{service} {what}, every time"),
            When::Next(1) => format!("{service} {what}, once more"),
            When::Next(count) => format!("{service} {what}, {count} times more"),
            When::Nth(n) => format!("{service} {what}, for request {n} only"),
            When::Probability(chance) => format!("{service} {what}, with a chance of {chance}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(service: Service, fault: Fault, when: When) -> FaultSpec {
        FaultSpec::Service(Rule { service, only: Requests::any(), fault, when })
    }

    #[test]
    fn faults_are_read_from_texts() {
        let read = |text: &str| text.parse::<FaultSpec>().unwrap();
        let throttle = |retry_after| Fault::Throttle { retry_after };
        let second = Duration::from_secs(1);
        assert_eq!(
            read("cosmos=throttle:next:5"),
            rule(Service::Cosmos, throttle(second), When::Next(5))
        );
        assert_eq!(
            read("cosmos=throttle:2s"),
            rule(Service::Cosmos, throttle(2 * second), When::Always)
        );
        assert_eq!(
            read("blob=delay:500ms:always"),
            rule(Service::Blob, Fault::Delay(second / 2), When::Always)
        );
        assert_eq!(
            read("queue=fail:chance:0.2"),
            rule(Service::Queue, Fault::InternalError, When::Probability(0.2))
        );
        assert_eq!(read(" queue=stop "), rule(Service::Queue, Fault::Disconnect, When::Always));
        assert_eq!(read("messages=duplicate:3"), FaultSpec::DuplicateMessages(3));
        assert_eq!(read("messages=delay:2s"), FaultSpec::DelayMessages(2 * second));
        assert_eq!(read("clock=skew:-1h"), FaultSpec::SkewClock(SignedDuration::from_hours(-1)));
        assert_eq!(read("my-weather=stop"), FaultSpec::StopSimulator("my-weather".into()));
    }

    #[test]
    fn what_is_written_is_read_again() {
        let texts = [
            "cosmos=throttle:1s:next:5",
            "cosmos=delay:1.5s",
            "blob=delay:250ms",
            "queue=unavailable:chance:0.5",
            "queue=stop",
            "messages=duplicate:2",
            "messages=delay:100ms",
            "my-weather=stop",
            "cosmos=lose:nth:3",
            "cosmos=lose:nth:3:writes:PUT:/colls/profiles/",
            "queue=fail:reads",
            "event-hubs=unavailable:/account/partitions/2/",
        ];
        for text in texts {
            assert_eq!(text.parse::<FaultSpec>().unwrap().to_string(), text);
        }
        let skew = FaultSpec::SkewClock(SignedDuration::from_mins(-90));
        assert_eq!(skew.to_string().parse::<FaultSpec>(), Ok(skew));
    }

    #[test]
    fn what_is_no_fault_is_told_with_examples() {
        let wrong = [
            "",
            "cosmos",
            "disk=fail",
            "disk=stop:next:1",
            "my disk=stop",
            "cosmos=explode",
            "cosmos=delay",
            "cosmos=fail:2s",
            "cosmos=fail:next",
            "cosmos=fail:next:0",
            "cosmos=fail:chance:2",
            "cosmos=fail:now",
            "cosmos=fail:next:1:2",
            "cosmos=lose:nth",
            "cosmos=lose:2s",
            "cosmos=fail:put",
            "blob=delay:1h",
            "messages=lose",
            "messages=duplicate:0",
            "messages=delay:-1s",
            "messages=delay:1s:2",
            "clock=stop",
            "clock=skew:soon",
        ];
        for text in wrong {
            let error = text.parse::<FaultSpec>().unwrap_err().to_string();
            assert!(error.contains("cosmos=throttle:next:5"), "{text}: {error}");
        }
    }
}
