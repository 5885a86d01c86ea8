//! What each kind of signature signs, by its version.
//!
//! Source: "Create an account SAS", "Create a service SAS" and "Create a user delegation SAS" in Microsoft's REST
//! reference; for 2025-07-05 and 2026-04-06 the official SDKs for Rust, JavaScript and Python.

use crate::{
    ACCOUNT, Service,
    storage::{
        authorization::Presented,
        failure::{Failure, unauthenticated},
        query::Query,
    },
};

/// Response headers that a blob's signature may replace.
const REPLACED_HEADERS: [&str; 5] = ["rscc", "rscd", "rsce", "rscl", "rsct"];

/// The text of an account SAS.
pub(super) fn account(query: &Query) -> String {
    let mut lines = vec![ACCOUNT];
    lines.extend(["sp", "ss", "srt", "st", "se", "sip", "spr", "sv"].map(|name| query.text(name)));
    if query.text("sv") >= "2020-12-06" {
        lines.push(query.text("ses"));
    }
    lines.push("");
    lines.join("\n")
}

/// The text of a service SAS.
pub(super) fn service(presented: &Presented<'_>) -> Result<String, Failure> {
    let query = presented.query;
    let resource = resource(presented)?;
    let mut lines = vec![query.text("sp"), query.text("st"), query.text("se"), resource.as_str()];
    lines.extend(["si", "sip", "spr", "sv"].map(|name| query.text(name)));
    if presented.service != Service::Queue {
        add_blob_lines(&mut lines, query);
        lines.extend(REPLACED_HEADERS.map(|name| query.text(name)));
    }
    Ok(lines.join("\n"))
}

/// The text of a user delegation SAS.
pub(super) fn user_delegation(presented: &Presented<'_>) -> Result<String, Failure> {
    let query = presented.query;
    let version = query.text("sv");
    let resource = resource(presented)?;
    let (request_headers, request_parameters) =
        (signed_headers(presented), signed_parameters(query));
    let mut lines = vec![query.text("sp"), query.text("st"), query.text("se"), resource.as_str()];
    lines.extend(["skoid", "sktid", "skt", "ske", "sks", "skv"].map(|name| query.text(name)));
    let is_blob = presented.service != Service::Queue;
    if is_blob && version >= "2020-02-10" {
        lines.extend(["saoid", "suoid", "scid"].map(|name| query.text(name)));
    }
    if version >= "2025-07-05" {
        lines.extend(["skdutid", "sduoid"].map(|name| query.text(name)));
    }
    lines.extend(["sip", "spr", "sv"].map(|name| query.text(name)));
    if is_blob {
        add_blob_lines(&mut lines, query);
        if version >= "2026-04-06" {
            lines.extend([request_headers.as_str(), request_parameters.as_str()]);
        }
        lines.extend(REPLACED_HEADERS.map(|name| query.text(name)));
    }
    Ok(lines.join("\n"))
}

fn add_blob_lines<'a>(lines: &mut Vec<&'a str>, query: &'a Query) {
    let version = query.text("sv");
    if version >= "2018-11-09" {
        let snapshot = match query.text("sr") {
            "bs" => query.text("snapshot"),
            "bv" => query.text("versionid"),
            _ => "",
        };
        lines.extend([query.text("sr"), snapshot]);
    }
    if version >= "2020-12-06" {
        lines.push(query.text("ses"));
    }
}

/// The resource as the signature must have named it: what the request names, or a container or directory above.
fn resource(presented: &Presented<'_>) -> Result<String, Failure> {
    let container = presented.target.container.unwrap_or_default();
    if presented.service == Service::Queue {
        return Ok(format!("/queue/{ACCOUNT}/{container}"));
    }
    let blob = presented.target.blob.unwrap_or_default();
    match presented.query.text("sr") {
        "c" => Ok(format!("/blob/{ACCOUNT}/{container}")),
        "b" | "bs" | "bv" => Ok(format!("/blob/{ACCOUNT}/{container}/{blob}")),
        "d" => {
            let depth = presented.query.text("sdd");
            let depth: usize = depth
                .parse()
                .map_err(|_| unauthenticated(format!("sdd '{depth}' is not a depth")))?;
            let directory = blob.split('/').take(depth).collect::<Vec<_>>().join("/");
            Ok(format!("/blob/{ACCOUNT}/{container}/{directory}"))
        }
        other => Err(unauthenticated(format!("sr '{other}' is none of b, c, d, bs, bv"))),
    }
}

/// Headers that the request must carry as they were signed: the signature names them, the request has the values.
fn signed_headers(presented: &Presented<'_>) -> String {
    let value = |name: &str| {
        presented
            .headers
            .get(name)
            .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    names(presented.query.text("srh"))
        .map(|name| format!("{name}:{}\n", value(name).unwrap_or_default()))
        .collect()
}

fn signed_parameters(query: &Query) -> String {
    names(query.text("srq"))
        .map(|name| format!("\n{name}:{}", query.text(&name.to_ascii_lowercase())))
        .collect()
}

fn names(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').filter(|name| !name.is_empty())
}
