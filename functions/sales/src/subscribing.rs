//! The step `subscribe`: the profile is subscribed to what it has licences for. What stands in the way is noted and no
//! more: it is no reason not to invoice what was delivered.

use crate::app::App;
use crate::domain::{LineSubscription, ProblemCode, Provisioned, StepProblem, Subscribed};
use crate::profiles::Subscribing;
use crate::steps::{Payload, Stopped, Work, asked_later, broken};
use crate::subscriptions::{self, NotAligned};

impl Payload for Subscribed {
    const TYPE: &'static str = "subscribed";
}

pub(crate) async fn subscribe(app: &App, work: &Work) -> Result<Subscribed, Stopped> {
    let Provisioned { lines } = work.input(app).await?;
    let mut subscriptions = Vec::with_capacity(lines.len());
    for line in &lines {
        let outcome = subscriptions::align(app, work.order.profile, &line.service_id).await;
        let (subscribed, note) = match outcome.map_err(stopped)? {
            Subscribing::Subscribed => (true, None),
            Subscribing::Unsubscribed => (false, Some("licence-cancelled".to_owned())),
            Subscribing::Refused(why) => (false, Some(why)),
        };
        let service_id = line.service_id.clone();
        subscriptions.push(LineSubscription { service_id, subscribed, note });
    }
    Ok(Subscribed { lines, subscriptions })
}

fn stopped(error: NotAligned) -> Stopped {
    match error {
        NotAligned::Profiles(failure) => asked_later(failure),
        NotAligned::Licences(failure) => broken(failure),
        NotAligned::Restless => {
            let detail = NotAligned::Restless.to_string();
            let why = StepProblem { code: ProblemCode::NotAnswering, detail };
            Stopped::Later { why, after: None }
        }
    }
}
