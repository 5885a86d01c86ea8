//! What stops a handler from being built, and what each refusal says.

use custom_handler::{
    ChangeFeed, Done, ErrorStatus, Failure, Function, GivenUp, Handler, HubEvent, Invocation,
    Problem, ProblemKind, QueueMessage, Request, Response, methods,
};
use pretty_assertions::assert_eq;

struct App;

static APP: App = App;

async fn answer(_: &App, _: Request) -> Result<Response, Problem> {
    Ok(Response::no_content())
}

async fn queue(_: &App, _: QueueMessage, _: Invocation) -> Result<Done, Failure> {
    Ok(Done::nothing())
}

async fn feed(_: &App, _: ChangeFeed, _: Invocation) -> Result<Done, Failure> {
    Ok(Done::nothing())
}

async fn hub(_: &App, _: HubEvent, _: Invocation) -> Result<Done, Failure> {
    Ok(Done::nothing())
}

async fn keep(_: &App, _: GivenUp) -> Result<(), String> {
    Ok(())
}

const THINGS: Function = Function::new(
    "things",
    r#"{ "bindings": [ { "type": "httpTrigger", "name": "req", "methods": ["get", "head", "post"], "route": "v1/things/{id}" },
         { "type": "http", "direction": "out", "name": "res" } ] }"#,
);
const SAME: Function = Function::new(
    "same",
    r#"{ "bindings": [ { "type": "httpTrigger", "name": "req", "methods": ["put", "post"], "route": "V1/Things/{thing}" },
         { "type": "http", "direction": "out", "name": "res" } ] }"#,
);
const EVERYTHING: Function = Function::new(
    "everything",
    r#"{ "bindings": [ { "type": "httpTrigger", "name": "req", "route": "{*path}" },
         { "type": "http", "direction": "out", "name": "res" } ] }"#,
);
const MUTE: Function = Function::new(
    "mute",
    r#"{ "bindings": [ { "type": "httpTrigger", "name": "req", "methods": ["get"] } ] }"#,
);
const MESSAGES: Function = Function::new(
    "messages",
    r#"{ "bindings": [ { "type": "queueTrigger", "name": "m", "queueName": "q" } ] }"#,
);
const EVENTS: Function = Function::new(
    "events",
    r#"{ "bindings": [ { "type": "eventHubTrigger", "name": "m", "eventHubName": "h", "connection": "C", "cardinality": "many" } ] }"#,
);

fn handler() -> Handler<App> {
    Handler::new(&APP).on_give_up(keep)
}

/// The reasons why the handler is not built, one a line.
fn reasons(handler: Handler<App>) -> Vec<String> {
    let error = handler.build().err().expect("the handler was built");
    assert!(error.to_string().starts_with("registering the functions:\n  "));
    error.reasons().iter().map(ToString::to_string).collect()
}

#[test]
fn functions_that_go_with_their_files_are_built() {
    let server = handler()
        .http(THINGS, methods().get(answer).post(answer))
        .http(MUTE_WITH_OUTPUT, methods().get(answer))
        .queue(MESSAGES, queue)
        .build()
        .expect("a handler");
    assert_eq!(server.functions().collect::<Vec<_>>(), ["things", "mute", "messages"]);
}

const MUTE_WITH_OUTPUT: Function = Function::new(
    "mute",
    r#"{ "bindings": [ { "type": "httpTrigger", "name": "req", "methods": ["get"] },
         { "type": "http", "direction": "out", "name": "res" } ] }"#,
);

#[test]
fn code_and_listed_methods_must_be_the_same() {
    assert_eq!(
        reasons(handler().http(THINGS, methods().get(answer).delete(answer))),
        [
            "function things has code for DELETE, which its function.json does not list; add it to `methods` or remove the code",
            "function things has no code for POST, which its function.json lists; register some or remove it from `methods`",
        ]
    );
    assert_eq!(reasons(handler().http(THINGS, methods())).len(), 1);
    assert!(handler().http(THINGS, methods().any(answer)).build().is_ok());
}

#[test]
fn a_function_is_registered_once() {
    let twice = handler().queue(MESSAGES, queue).queue(MESSAGES, queue);
    assert_eq!(reasons(twice), ["function messages is registered twice; remove one of the two"]);
}

#[test]
fn a_function_is_registered_for_its_own_trigger() {
    let wrong = |found: &str, expected: &str, function: &str| {
        format!(
            "function {function} is registered for {expected}, but its function.json has {found}; register it as that, or change the file"
        )
    };
    assert_eq!(
        reasons(handler().cosmos_db(MESSAGES, feed)),
        [wrong("queueTrigger", "a cosmosDBTrigger", "messages")]
    );
    assert_eq!(
        reasons(handler().event_hub(EVENTS, hub)),
        [wrong(
            "eventHubTrigger with cardinality many",
            "an eventHubTrigger with cardinality one",
            "events"
        )]
    );
    assert_eq!(
        reasons(handler().http(MESSAGES, methods().get(answer))),
        [wrong("queueTrigger", "an httpTrigger", "messages")]
    );
    assert_eq!(
        reasons(handler().queue(THINGS, queue)),
        [wrong("httpTrigger", "a queueTrigger", "things")]
    );
}

#[test]
fn two_functions_do_not_share_a_route_and_a_method() {
    let both = handler()
        .http(THINGS, methods().get(answer).post(answer))
        .http(SAME, methods().put(answer).post(answer));
    assert_eq!(
        reasons(both),
        [
            "functions same and things both take POST V1/Things/{thing}; change one of the routes or methods"
        ]
    );
}

#[test]
fn an_http_function_has_an_answer() {
    let reason = &reasons(handler().http(MUTE, methods().get(answer)))[0];
    assert!(
        reason.starts_with(
            "function mute has an httpTrigger but no http output; add { \"type\": \"http\""
        ),
        "{reason}"
    );
}

#[test]
fn message_functions_need_a_keeper() {
    let reason = &reasons(Handler::new(&APP).queue(MESSAGES, queue))[0];
    assert_eq!(
        reason,
        "function messages takes messages and nothing keeps those it gives up; name it with `on_give_up`"
    );
    assert!(Handler::new(&APP).http(EVERYTHING, methods().any(answer)).build().is_ok());
}

#[test]
fn no_client_can_reach_the_place_of_an_envelope() {
    let reason =
        &reasons(handler().http(EVERYTHING, methods().any(answer)).queue(MESSAGES, queue))[0];
    assert!(
        reason.contains("{*path}, also takes POST /messages") && reason.contains("forge messages"),
        "{reason}"
    );
    assert_eq!(reasons(handler().unmatched(EVERYTHING).queue(MESSAGES, queue)).len(), 1);
    let behind = handler()
        .route_prefix("api")
        .http(EVERYTHING, methods().any(answer))
        .queue(MESSAGES, queue);
    assert!(behind.build().is_ok());
}

#[test]
fn what_answers_unmatched_requests_is_a_catch_all_for_every_method_and_one_for_each_route() {
    assert!(
        reasons(handler().unmatched(THINGS))[0]
            .starts_with("function things is to answer what no other function takes")
    );
    let other = Function::new("other", EVERYTHING.function_json());
    assert_eq!(
        reasons(handler().unmatched(EVERYTHING).fallback(other, answer)),
        ["functions other and everything both answer unmatched requests of one route; keep one"]
    );
}

#[test]
fn a_file_or_name_that_the_host_does_not_load_is_named_with_the_remedy() {
    let broken =
        Function::new("broken", r#"{ "bindings": [ { "type": "queueTrigger", "name": "m" } ] }"#);
    assert_eq!(
        reasons(handler().queue(broken, queue)),
        [
            r#"function broken: reading function.json: `bindings[0].queueName` is missing; add "queueName": "orders""#
        ]
    );
    assert!(
        reasons(handler().queue(Function::new("host", MESSAGES.function_json()), queue))[0]
            .contains("not `host`")
    );
    assert!(
        reasons(handler().route_prefix("{").http(THINGS, methods().any(answer)))[0]
            .starts_with("function things: route")
    );
    assert_eq!(reasons(handler()), ["the handler has no functions; register at least one"]);
}

#[test]
fn every_reason_is_given_at_once() {
    let all = Handler::new(&APP)
        .http(THINGS, methods().get(answer))
        .queue(MESSAGES, queue)
        .cosmos_db(EVENTS, feed);
    assert_eq!(reasons(all).len(), 3);
}

#[test]
fn one_slug_is_one_kind_of_problem() {
    let kind = |slug, status, title| ProblemKind { slug, status, title };
    let handler = |kinds: &[ProblemKind]| {
        Handler::new(&APP).http(THINGS, methods().get(answer).post(answer)).problems(kinds)
    };
    let busy = kind("busy", ErrorStatus::Conflict, "Too many changes at once");
    let changed =
        kind("precondition-failed", ErrorStatus::PreconditionFailed, "The cake has changed");
    assert!(handler(&[busy, busy, changed]).build().is_ok());
    let other = kind("busy", ErrorStatus::ServiceUnavailable, "Too much to do");
    let gone = kind("not-found", ErrorStatus::Gone, "It is gone");
    assert_eq!(
        handler(&[busy, other, gone]).build().err().unwrap().to_string(),
        "registering the functions:\n  \
         the problem busy is registered as 409 \"Too many changes at once\" and as 503 \"Too much to do\"; give one \
         of the two another slug\n  \
         the problem not-found is registered as 404 \"There is nothing at this path\" and as 410 \"It is gone\"; give \
         one of the two another slug"
    );
}
