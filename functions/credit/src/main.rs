//! Credit assessments: a person's leave, a bank's answer, a score, and partners who hear of it. The list of functions.

mod admission;
mod app;
mod bank;
mod beginning;
mod consenting;
mod delivering;
mod domain;
mod erasing;
mod explaining;
mod fetching;
mod figures;
mod functions;
mod gathering;
mod held;
mod holding;
mod lanes;
mod posting;
mod problems;
mod received;
mod running;
mod scoring_jobs;
mod sent;
mod settling;
mod simulation;
mod store;
mod telling;
mod views;

use app::App;
use custom_handler::{Handler, Settings, SettingsError, methods};
use functions::{
    assessment, assessments, consent, consent_callback, consents, deliver, deliveries, delivery,
    endpoint, endpoints, erasures, explanation, fetch_activity, keep_result, partner, review,
    review_case, reviews, rotation, statistics, sweep, trial,
};
use messages::{WithDeadLetters, again};
use public_api::{WithContract, idempotency};

fn main() -> std::process::ExitCode {
    custom_handler::run(handler)
}

fn handler(settings: &Settings) -> Result<Handler<App>, SettingsError> {
    let app = App::from_settings(settings)?;
    Ok(Handler::new(Box::leak(Box::new(app)))
        .problems(problems::ALL)
        .problems(idempotency::PROBLEMS)
        .http(partner::FUNCTION, methods().get(partner::get).put(partner::put))
        .http(consents::FUNCTION, methods().post(consents::post))
        .http(consent::FUNCTION, methods().get(consent::get).delete(consent::delete))
        .http(consent_callback::FUNCTION, methods().get(consent_callback::get))
        .http(assessments::FUNCTION, methods().post(assessments::post))
        .http(assessment::FUNCTION, methods().get(assessment::get).delete(assessment::delete))
        .http(explanation::FUNCTION, methods().get(explanation::get))
        .http(review::FUNCTION, methods().get(review::get).post(review::post))
        .http(reviews::FUNCTION, methods().get(reviews::get))
        .http(review_case::FUNCTION, methods().get(review_case::get).patch(review_case::patch))
        .http(erasures::FUNCTION, methods().post(erasures::post))
        .http(endpoints::FUNCTION, methods().get(endpoints::get).post(endpoints::post))
        .http(
            endpoint::FUNCTION,
            methods().get(endpoint::get).patch(endpoint::patch).delete(endpoint::delete),
        )
        .http(rotation::FUNCTION, methods().post(rotation::post))
        .http(trial::FUNCTION, methods().post(trial::post))
        .http(deliveries::FUNCTION, methods().get(deliveries::get).post(deliveries::post))
        .http(delivery::FUNCTION, methods().get(delivery::get).post(delivery::post))
        .queue(deliver::FUNCTION, deliver::handle)
        .queue(fetch_activity::FUNCTION, fetch_activity::handle)
        .queue(keep_result::FUNCTION, keep_result::handle)
        .timer(statistics::FUNCTION, statistics::handle)
        .timer(sweep::FUNCTION, sweep::handle)
        .dead_letters(
            functions::DEAD_LETTERS,
            [
                again(deliver::FUNCTION, deliver::handle),
                again(fetch_activity::FUNCTION, fetch_activity::handle),
                again(keep_result::FUNCTION, keep_result::handle),
            ],
        )
        .contract(functions::CONTRACT))
}
