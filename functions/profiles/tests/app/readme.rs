//! The README's tour, run as it is printed: each `curl` command must answer with the status printed below it.

use crate::support::TestApp;
use app_tests::{Answer, Method};

/// The tour's steps: a command, and the status that the README promises.
fn steps() -> Vec<(String, u16)> {
    let readme = include_str!("../../../../README.md");
    let tour =
        readme.split("<!-- tour -->").nth(1).expect("the README has a tour between its two marks");
    let mut steps = Vec::new();
    for block in tour.split("```").skip(1).step_by(2) {
        let lines = block.trim_start_matches("console").trim().replace("\\\n", " ");
        let mut command = None;
        for line in lines.lines() {
            if let Some(text) = line.strip_prefix("$ ") {
                command = Some(text.to_owned());
            } else if let Some(status) = line.strip_prefix("HTTP/1.1 ") {
                let status = status[..3].parse().unwrap();
                steps.push((command.take().expect("a status follows its command"), status));
            }
        }
    }
    steps
}

/// Sends what `curl` would send; knows the few options that the tour uses.
async fn curl(app: &TestApp, command: &str) -> Answer {
    let mut words = shell_words::split(command).unwrap().into_iter();
    assert_eq!(words.next().as_deref(), Some("curl"), "{command}");
    let (mut method, mut headers, mut body, mut url) = (None, Vec::new(), None, None);
    while let Some(word) = words.next() {
        match word.as_str() {
            "-i" => {}
            "-X" => method = words.next(),
            "-H" => headers.push(words.next().unwrap()),
            "-d" => body = words.next(),
            address => url = Some(address.to_owned()),
        }
    }
    let url = url.expect("the command has a URL");
    let path = url.strip_prefix("http://127.0.0.1:7071").expect("the URL is the gateway's");
    let method = method.unwrap_or_else(|| if body.is_some() { "POST" } else { "GET" }.to_owned());
    let mut request = app.request(Method::from_bytes(method.as_bytes()).unwrap(), path);
    let mut content_type = "application/x-www-form-urlencoded".to_owned();
    for header in headers {
        let (name, value) = header.split_once(": ").expect("a header has a name and a value");
        match name.eq_ignore_ascii_case("content-type") {
            true => content_type = value.to_owned(),
            false => request = request.header(name, value),
        }
    }
    match body {
        Some(body) => request.body(&content_type, body).send().await,
        None => request.send().await,
    }
}

#[tokio::test]
async fn the_tour_of_the_readme_is_true() {
    let app = TestApp::start().await;
    let steps = steps();
    assert!(steps.len() >= 10, "the tour has ten requests, not {}", steps.len());
    for (command, status) in steps {
        let answer = curl(&app, &command).await;
        assert_eq!(answer.status, status, "{command}\n{answer:?}");
    }
}
