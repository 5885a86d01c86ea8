//! Apps of a Cargo workspace are built when they are out of date.

use std::{path::Path, time::SystemTime};

use crate::{
    command::{FREE_PORTS, Iommi, iommi},
    support::client,
};

const WORKSPACE: &str = "[workspace]\nresolver = \"3\"\nmembers = [\"functions/*\"]\n";
const PACKAGE: &str = "[package]\nname = \"shop\"\nversion = \"0.1.0\"\nedition = \"2024\"\n";
const HOST_JSON: &str = r#"{"customHandler": {"description": {"defaultExecutablePath": "handler"},
    "enableProxyingHttpRequest": true}, "extensions": {"http": {"routePrefix": ""}}}"#;
const FUNCTION: &str = r#"{"bindings": [
    {"type": "httpTrigger", "direction": "in", "name": "req", "authLevel": "anonymous", "route": "hello"},
    {"type": "http", "direction": "out", "name": "res"}]}"#;

/// A server that answers everything with `word`.
fn source(word: &str) -> String {
    format!(
        r##"
use std::{{io::{{Read, Write}}, net::TcpListener}};
fn main() {{
    let port: u16 = std::env::var("FUNCTIONS_CUSTOMHANDLER_PORT").unwrap().parse().unwrap();
    for stream in TcpListener::bind(("127.0.0.1", port)).unwrap().incoming() {{
        let mut stream = stream.unwrap();
        let _ = stream.read(&mut [0; 4096]);
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{word}");
    }}
}}
"##,
        word.len()
    )
}

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, text).unwrap();
    // File times are coarse; what a developer saves is newer than the build before.
    std::fs::File::options()
        .write(true)
        .open(path)
        .unwrap()
        .set_modified(SystemTime::now())
        .unwrap();
}

fn workspace() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "Cargo.toml", WORKSPACE);
    write(root.path(), "host.json", HOST_JSON);
    write(root.path(), "functions/shop/Cargo.toml", PACKAGE);
    write(root.path(), "functions/shop/src/hello/function.json", FUNCTION);
    write(root.path(), "functions/shop/src/main.rs", &source("first"));
    root
}

async fn answer(root: &Path) -> String {
    let mut command = iommi(&[&["--json"], &FREE_PORTS[..]].concat());
    command.current_dir(root).env_remove("CARGO_TARGET_DIR");
    let mut host = Iommi::spawn(command);
    client().get(format!("{}/hello", host.url())).send().await.unwrap().text().await.unwrap()
}

#[tokio::test]
async fn an_app_is_built_when_it_is_missing_or_out_of_date_and_not_otherwise() {
    let root = workspace();
    assert_eq!(answer(root.path()).await, "first");
    let profile = if cfg!(debug_assertions) { "debug" } else { "release" };
    let binary = root.path().join("target").join(profile).join("shop");
    let built = binary.metadata().unwrap().modified().unwrap();
    assert_eq!(answer(root.path()).await, "first");
    assert_eq!(binary.metadata().unwrap().modified().unwrap(), built);
    write(root.path(), "functions/shop/src/main.rs", &source("second"));
    assert_eq!(answer(root.path()).await, "second");
}

#[test]
fn an_app_that_does_not_compile_shows_the_compilers_message_and_exits_with_3() {
    let root = workspace();
    write(root.path(), "functions/shop/src/main.rs", "fn main() { missing(); }");
    let mut command = iommi(&FREE_PORTS);
    let output = command.current_dir(root.path()).env_remove("CARGO_TARGET_DIR").output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.contains("cannot find function `missing`"), "{text}");
    assert!(text.contains("building shop failed"), "{text}");
}
