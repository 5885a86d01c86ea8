use serde_json::{Value, json};

/// Where a function with a retry policy is in its attempts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetryContext {
    /// Attempts that failed before this one: 0 at first.
    pub retry_count: u32,
    /// The policy's `maxRetryCount`; −1 = for ever.
    pub max_retry_count: i32,
    /// Why the attempt before this one failed.
    pub failure: Option<String>,
}

impl RetryContext {
    /// The member `RetryContext` of `Metadata`. The real host serialises a .NET exception; handlers can only treat it
    /// as opaque, so only its class and message are here.
    pub(crate) fn to_json(&self) -> Value {
        let exception = self.failure.as_ref().map(|reason| {
            json!({ "ClassName": "Microsoft.Azure.WebJobs.Host.FunctionInvocationException", "Message": reason })
        });
        json!({
            "RetryCount": self.retry_count,
            "MaxRetryCount": self.max_retry_count,
            "Exception": exception,
            "Instance": null,
            "State": {},
        })
    }
}
