//! The example as a process: how it starts, what it logs, what it survives.

#[cfg(test)]
mod bakery;
#[cfg(test)]
mod receiver;
#[cfg(test)]
mod telemetry;

use std::net::TcpListener;

use pretty_assertions::assert_eq;
use serde_json::{Value, json};

use bakery::{Running, described, refused, refused_with};

#[test]
fn without_a_port_it_says_who_starts_it() {
    let (output, text) = refused(&[("BAKERY_MOTTO", "warm")]);
    assert!(text.starts_with("error: FUNCTIONS_CUSTOMHANDLER_PORT is not set"), "{text}");
    assert!(output.stdout.is_empty());
}

#[test]
fn missing_and_malformed_settings_are_named_together_before_it_listens() {
    let (_, text) = refused(&[("FUNCTIONS_CUSTOMHANDLER_PORT", "1"), ("OVEN_DEGREES", "hot")]);
    assert_eq!(
        text,
        "error: reading the application settings:\n  \
         BAKERY_MOTTO is missing; set it to something like BAKERY_MOTTO=warm since 1889\n  \
         OVEN_DEGREES is malformed: invalid digit found in string; set it to something like OVEN_DEGREES=180\n"
    );
}

#[test]
fn a_taken_port_and_a_wrong_log_level_are_said() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let (_, text) = refused(&[("FUNCTIONS_CUSTOMHANDLER_PORT", &port), ("BAKERY_MOTTO", "warm")]);
    assert!(text.contains(&format!("listening on 127.0.0.1:{port}")), "{text}");
    let (_, text) = refused(&[("LOG_LEVEL", "app=loud")]);
    assert!(text.starts_with("error: LOG_LEVEL: "), "{text}");
}

#[test]
fn every_request_is_one_line_of_json_without_query_body_or_header_values() {
    let running = Running::start(&[]);
    let traceparent = "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let answer = running.request(
        &format!(
            "GET /v1/cakes/carrot?secret=1 HTTP/1.1\r\n{traceparent}\r\nAuthorization: secret"
        ),
        "secret",
    );
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    let answer = running.request("DELETE /v1/cakes/carrot HTTP/1.1", "");
    assert!(
        answer.starts_with("HTTP/1.1 405 ") && answer.contains("allow: GET, PATCH"),
        "{answer}"
    );
    let (lines, errors) = running.kill();
    assert_eq!(errors, "");
    let what =
        |line: &Value| line["message"].as_str().or(line["metric"].as_str()).unwrap().to_owned();
    assert_eq!(
        lines.iter().map(what).collect::<Vec<_>>(),
        ["handler ready", "faas.coldstarts", "request answered", "request answered"]
    );
    let mut first = lines[2].clone();
    assert!(first["duration_ms"].is_f64());
    assert_eq!(first["span_id"].as_str().map(str::len), Some(16));
    for varying in ["timestamp", "duration_ms", "span_id"] {
        first.as_object_mut().unwrap().remove(varying);
    }
    let expected = json!({
        "level": "INFO", "target": "custom_handler::server::finish", "message": "request answered", "function": "cake",
        "invocation_id": "6b1c2c5e-6f0e-4a53-9d0e-0f2a6f1f9a11", "trace_id": "0af7651916cd43dd8448eb211c80319c",
        "method": "GET", "route": "v1/cakes/{name:alpha}", "status": 200
    });
    assert_eq!(first, expected);
    assert_eq!(
        (&lines[3]["function"], &lines[3]["problem"]),
        (&Value::from("unmatched"), &Value::from("method-not-allowed"))
    );
}

#[test]
fn a_panic_is_logged_with_its_place_and_the_process_lives_on() {
    let running = Running::start(&[]);
    assert!(running.request("GET /v1/cakes/crash HTTP/1.1", "").starts_with("HTTP/1.1 500 "));
    assert!(running.request("GET /v1/cakes/carrot HTTP/1.1", "").starts_with("HTTP/1.1 200 "));
    let (lines, errors) = running.kill();
    assert_eq!(errors, "");
    let panic = lines.iter().find(|line| line["panic"] == "the oven is on fire").unwrap();
    assert_eq!(
        (&panic["level"], &panic["function"]),
        (&Value::from("ERROR"), &Value::from("cake"))
    );
    assert!(panic["place"].as_str().unwrap().contains("cake/mod.rs:"), "{panic}");
    assert_eq!(lines.iter().filter(|line| line["status"] == 500).count(), 1);
}

#[test]
fn messages_are_logged_by_how_they_ended() {
    let running = Running::start(&[]);
    let envelope = |text: &str| {
        json!({ "Data": { "message": Value::from(text).to_string() }, "Metadata": {} }).to_string()
    };
    let done = running.request("POST /order_baked HTTP/1.1", &envelope(r#"{"order":"7"}"#));
    assert!(done.contains(r#""Logs":["order 7 baked"]"#), "{done}");
    assert!(
        running
            .request("POST /order_baked HTTP/1.1", &envelope("cake"))
            .starts_with("HTTP/1.1 200 ")
    );
    let (lines, _) = running.kill();
    let outcomes: Vec<&str> = lines.iter().filter_map(|line| line["outcome"].as_str()).collect();
    assert_eq!(outcomes, ["done", "given-up"]);
    let kept = lines.iter().find(|line| line["message"] == "kept").unwrap();
    assert_eq!(kept["invocation_id"], "6b1c2c5e-6f0e-4a53-9d0e-0f2a6f1f9a11");
}

#[test]
fn the_log_level_is_a_setting() {
    let running = Running::start(&[("LOG_LEVEL", "error")]);
    running.request("GET /v1/cakes/carrot HTTP/1.1", "");
    running.request("GET /v1/cakes/crash HTTP/1.1", "");
    let (lines, _) = running.kill();
    // Figures are there whatever the level is.
    assert!(lines.iter().all(|line| line["level"] == "ERROR" || line["target"] == "metric"));
    assert_eq!(lines.last().unwrap()["function"], "cake");
}

#[test]
fn it_describes_itself_without_settings_or_a_host() {
    let text = described();
    let description: Value = serde_json::from_str(&text).unwrap();
    assert!(text.starts_with("{\n  \"functions\": [\n    {\n      \"name\": \"cake\""), "{text}");
    let cake = &description["functions"][0];
    assert_eq!(
        (&cake["trigger"], &cake["methods"], &cake["route"]),
        (&json!("http"), &json!(["get", "patch"]), &json!("v1/cakes/{name:alpha}"))
    );
    assert_eq!(
        cake["bindings"][1],
        json!({ "type": "http", "direction": "out", "name": "response" })
    );
    assert_eq!(cake.get("unmatched"), None);
    let unmatched = &description["functions"][1];
    assert_eq!((&unmatched["unmatched"], unmatched.get("methods")), (&json!(true), None));
    assert_eq!(description["functions"][2]["trigger"], "queue");
    assert_eq!(
        description["settings"],
        json!([
            { "name": "LOG_LEVEL", "purpose": "what is logged: error, warn, info, debug or trace, also by target",
              "example": "info,azure_core=warn", "required": false, "default": "info" },
            { "name": "OTEL_EXPORTER_OTLP_ENDPOINT", "purpose": "where telemetry goes, over OTLP; without it nowhere",
              "example": "https://telemetry.example:4318", "required": false, "default": null },
            { "name": "OTEL_EXPORTER_OTLP_HEADERS", "purpose": "headers of what goes there, as name=value with commas between",
              "example": "api-key=0123456789abcdef", "required": false, "default": null },
            { "name": "OTEL_TRACES_SAMPLER_ARG",
              "purpose": "which part of the traces that begin here is exported, from 0 to 1; what failed or was slow always is",
              "example": "0.1", "required": false, "default": "1" },
            { "name": "BAKERY_MOTTO", "purpose": "what stands on every box", "example": "warm since 1889",
              "required": true, "default": null },
            { "name": "OVEN_DEGREES", "purpose": "how hot the oven is at first", "example": "180",
              "required": false, "default": "180" }
        ])
    );
    let problems = description["problems"].as_array().unwrap();
    assert_eq!(problems.len(), custom_handler::problems::ALL.len() + 1);
    assert_eq!(
        problems.last().unwrap(),
        &json!({ "kind": "too-hot", "status": 422, "title": "The oven does not do that" })
    );
    assert_eq!(
        description["queues"],
        json!([{ "name": "baked", "uses": ["trigger"] }, { "name": "deliveries", "uses": ["send"] }])
    );
    for list in ["containers", "blobContainers", "eventTypes"] {
        assert_eq!(description[list], json!([]), "{list}");
    }
}

#[test]
fn an_unknown_argument_is_refused_and_the_known_one_is_named() {
    let text = refused_with(&["--help"]);
    assert!(text.contains("[\"--help\"] are not known; there is one, --describe"), "{text}");
}
