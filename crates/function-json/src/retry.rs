use std::time::Duration;

use serde_json::Value;

use crate::FunctionJsonError;
use crate::fields::Fields;
use crate::time_span::parse_time_span;

/// How the host repeats a failed invocation, in memory: calls in all = retries + 1.
///
/// `max_retry_count` of −1 is for ever. Only a policy keeps the checkpoint of a change feed or an
/// event hub where it is; without one a failed batch is lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RetryPolicy {
    /// `fixedDelay`: the same wait before every retry.
    FixedDelay {
        /// `maxRetryCount`; −1 = for ever.
        max_retry_count: i32,
        /// `delayInterval`.
        delay: Duration,
    },
    /// `exponentialBackoff`: waits that grow from the minimum to the maximum.
    ExponentialBackoff {
        /// `maxRetryCount`; −1 = for ever.
        max_retry_count: i32,
        /// `minimumInterval`.
        minimum: Duration,
        /// `maximumInterval`.
        maximum: Duration,
    },
}

#[derive(Clone, Copy)]
enum Strategy {
    Fixed,
    Exponential,
}

impl RetryPolicy {
    /// `maxRetryCount`; −1 = for ever.
    pub fn max_retry_count(&self) -> i32 {
        match self {
            Self::FixedDelay { max_retry_count, .. }
            | Self::ExponentialBackoff { max_retry_count, .. } => *max_retry_count,
        }
    }

    /// Reads the `retry` object of `function.json` or `host.json`. Every field of the chosen
    /// strategy must be there: the host does not load a function whose policy lacks one.
    pub fn from_json(retry: &Value) -> Result<Self, FunctionJsonError> {
        let fields = Fields::of(retry, "retry")?;
        let words =
            [("fixedDelay", Strategy::Fixed), ("exponentialBackoff", Strategy::Exponential)];
        let strategy = fields.word("strategy", &words)?.ok_or_else(|| {
            fields.error(
                "strategy",
                "is missing",
                "add \"strategy\": \"fixedDelay\" or \"exponentialBackoff\"",
            )
        })?;
        let max_retry_count = max_retry_count(&fields)?;
        match strategy {
            Strategy::Fixed => Ok(Self::FixedDelay {
                max_retry_count,
                delay: time_span(&fields, "delayInterval")?,
            }),
            Strategy::Exponential => {
                let minimum = time_span(&fields, "minimumInterval")?;
                let maximum = time_span(&fields, "maximumInterval")?;
                if minimum > maximum {
                    let remedy = "make it at least as long";
                    return Err(fields.error(
                        "maximumInterval",
                        "is shorter than minimumInterval",
                        remedy,
                    ));
                }
                Ok(Self::ExponentialBackoff { max_retry_count, minimum, maximum })
            }
        }
    }
}

fn max_retry_count(fields: &Fields<'_>) -> Result<i32, FunctionJsonError> {
    let remedy = "write the number of retries, or -1 for ever";
    let value = fields
        .get("maxRetryCount")
        .ok_or_else(|| fields.error("maxRetryCount", "is missing", remedy))?;
    let count =
        value.as_i64().and_then(|count| i32::try_from(count).ok()).filter(|count| *count >= -1);
    count.ok_or_else(|| {
        fields.error("maxRetryCount", format!("is {value}, not a count of retries"), remedy)
    })
}

fn time_span(fields: &Fields<'_>, name: &str) -> Result<Duration, FunctionJsonError> {
    let text = fields.required_text(name, "00:00:10")?;
    parse_time_span(&text).map_err(|_| {
        fields.error(
            name,
            format!("is \"{text}\", which is not a time span"),
            "write it as \"hh:mm:ss\"",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn both_strategies_are_read() {
        let fixed =
            json!({ "strategy": "fixedDelay", "maxRetryCount": 4, "delayInterval": "00:00:10" });
        assert_eq!(
            RetryPolicy::from_json(&fixed),
            Ok(RetryPolicy::FixedDelay { max_retry_count: 4, delay: Duration::from_secs(10) })
        );
        let exponential = json!({ "strategy": "exponentialBackoff", "maxRetryCount": -1,
            "minimumInterval": "00:00:01", "maximumInterval": "00:05:00" });
        assert_eq!(
            RetryPolicy::from_json(&exponential),
            Ok(RetryPolicy::ExponentialBackoff {
                max_retry_count: -1,
                minimum: Duration::from_secs(1),
                maximum: Duration::from_secs(300)
            })
        );
    }

    #[test]
    fn a_missing_or_wrong_field_is_an_error_that_names_it() {
        let cases = [
            (json!({ "maxRetryCount": 1, "delayInterval": "00:00:10" }), "retry.strategy"),
            (json!({ "strategy": "often", "maxRetryCount": 1 }), "retry.strategy"),
            (
                json!({ "strategy": "fixedDelay", "delayInterval": "00:00:10" }),
                "retry.maxRetryCount",
            ),
            (
                json!({ "strategy": "fixedDelay", "maxRetryCount": -2, "delayInterval": "00:00:10" }),
                "retry.maxRetryCount",
            ),
            (json!({ "strategy": "fixedDelay", "maxRetryCount": 1 }), "retry.delayInterval"),
            (
                json!({ "strategy": "fixedDelay", "maxRetryCount": 1, "delayInterval": "10 s" }),
                "retry.delayInterval",
            ),
            (
                json!({ "strategy": "exponentialBackoff", "maxRetryCount": 1, "maximumInterval": "00:00:10" }),
                "retry.minimumInterval",
            ),
            (
                json!({ "strategy": "exponentialBackoff", "maxRetryCount": 1, "minimumInterval": "00:00:10" }),
                "retry.maximumInterval",
            ),
            (
                json!({ "strategy": "exponentialBackoff", "maxRetryCount": 1, "minimumInterval": "00:00:10",
                "maximumInterval": "00:00:09" }),
                "retry.maximumInterval",
            ),
            (json!("fixedDelay"), "retry"),
        ];
        for (policy, expected) in cases {
            let Err(FunctionJsonError::Key { key, .. }) = RetryPolicy::from_json(&policy) else {
                panic!("accepted {policy}")
            };
            assert_eq!(key, expected, "{policy}");
        }
    }
}
