//! How far the mainframe is behind, and what it gets again: the `legacy` app's own commands.

use crate::api::{Api, Failure};
use crate::cli::Scope;
use crate::commands::Outcome;
use crate::print;
use serde_json::json;
use std::time::Duration;

/// The pause between two looks at a resend.
const POLL: Duration = Duration::from_secs(1);
/// The longest a resend is watched.
const MAX_POLLS: usize = 24 * 60 * 60;

pub(crate) async fn resend(
    api: &Api,
    scope: &Scope,
    no_wait: bool,
    json: bool,
) -> Result<Outcome, Failure> {
    let body = match (&scope.profile, &scope.from, &scope.to) {
        (Some(profile), ..) => json!({"profileId": profile}),
        (None, Some(from), Some(to)) => json!({"from": from, "to": to}),
        _ => json!({"everything": true}),
    };
    let mut resend = api.post(&["legacy", "resend"], &body).await?.body;
    let id = resend["id"].as_str().unwrap_or_default().to_owned();
    for _ in 0..MAX_POLLS {
        if no_wait || resend["state"] == "done" {
            break;
        }
        print::progress(&format!("{} sent", resend["sent"]));
        tokio::time::sleep(POLL).await;
        resend = api.get(&["legacy", "resend", &id], &[]).await?.body;
    }
    print::progress_ends();
    if json {
        print::json(&resend)
    } else {
        print::note(&format!("{id}: {}, {} sent", resend["state"], resend["sent"]))
    }
    Ok(Outcome::Whole)
}

pub(crate) async fn status(
    api: &Api,
    profile: Option<&str>,
    json: bool,
) -> Result<Outcome, Failure> {
    let answer = match profile {
        Some(id) => api.get(&["legacy", "profiles", id], &[]).await?,
        None => api.get(&["legacy"], &[]).await?,
    };
    if json {
        print::json(&answer.body)
    } else {
        print::fields(&answer.body)
    }
    Ok(Outcome::Whole)
}
