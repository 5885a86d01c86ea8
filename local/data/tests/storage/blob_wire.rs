//! Blob Storage on the wire: statuses, codes, headers and bodies that clients rely on.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::STANDARD};
use local_data::Options;
use reqwest::Method;

use crate::account::{Account, answer};

async fn with_blob(content: &str) -> Account {
    let account = Account::empty().await;
    account.create_container("photos").await;
    let put = account.put("photos/a", content.to_owned()).header("content-type", "text/plain");
    assert_eq!(answer(put).await.status, 201);
    account
}

#[tokio::test]
async fn a_read_has_every_header() {
    let account = with_blob("hello world").await;
    let whole = answer(account.blob(Method::GET, "photos/a")).await;
    assert_eq!((whole.status, whole.text()), (200, "hello world"));
    for (name, value) in [
        ("content-length", "11"),
        ("content-type", "text/plain"),
        ("content-md5", "XrY7u+Ae7tCTyyK7j1rNww=="),
        ("accept-ranges", "bytes"),
        ("x-ms-blob-type", "BlockBlob"),
        ("x-ms-lease-state", "available"),
        ("x-ms-lease-status", "unlocked"),
        ("x-ms-server-encrypted", "true"),
    ] {
        assert_eq!(whole.header(name), value, "{name}");
    }
    assert!(whole.header("etag").starts_with("\"0x8D"));
    assert!(whole.header("last-modified").ends_with(" GMT"));
    let head = answer(account.blob(Method::HEAD, "photos/a")).await;
    assert_eq!((head.header("content-length"), head.header("etag")), ("11", whole.header("etag")));
    assert_eq!(head.header("x-ms-access-tier"), "Hot");
}

#[tokio::test]
async fn ranges_are_answered_with_206_or_416() {
    let account = with_blob("0123456789").await;
    let get = |header: &'static str, range: &'static str| {
        answer(account.blob(Method::GET, "photos/a").header(header, range))
    };
    let part = get("range", "bytes=2-4").await;
    assert_eq!(
        (part.status, part.text(), part.header("content-range")),
        (206, "234", "bytes 2-4/10")
    );
    assert_eq!(part.header("content-length"), "3");
    assert!(
        part.header("content-md5").is_empty() && !part.header("x-ms-blob-content-md5").is_empty()
    );
    let behind = get("x-ms-range", "bytes=10-").await;
    assert_eq!(
        (behind.refusal(), behind.header("content-range")),
        ((416, "InvalidRange"), "bytes */10")
    );
    assert_eq!(get("range", "bytes=0-1,4-5").await.status, 200);
    assert_eq!(get("x-ms-range", "bytes=0-1,4-5").await.refusal(), (400, "InvalidHeaderValue"));
    let both = account
        .blob(Method::GET, "photos/a")
        .header("range", "bytes=0-0")
        .header("x-ms-range", "bytes=1-1");
    assert_eq!(answer(both).await.text(), "1");
}

#[tokio::test]
async fn a_head_for_nothing_has_its_code_in_a_header() {
    let account = with_blob("x").await;
    let missing = answer(account.blob(Method::HEAD, "photos/none")).await;
    assert_eq!((missing.refusal(), missing.body.len()), ((404, "BlobNotFound"), 0));
    let missing = answer(account.blob(Method::HEAD, "none/none")).await;
    assert_eq!(missing.refusal(), (404, "ContainerNotFound"));
}

#[tokio::test]
async fn an_unchanged_blob_is_not_sent_again() {
    let account = with_blob("x").await;
    let etag = answer(account.blob(Method::HEAD, "photos/a")).await.header("etag").to_owned();
    let same = answer(account.blob(Method::GET, "photos/a").header("if-none-match", &etag)).await;
    assert_eq!((same.status, same.body.len(), same.header("etag")), (304, 0, etag.as_str()));
    let since =
        answer(account.blob(Method::HEAD, "photos/a")).await.header("last-modified").to_owned();
    let same =
        answer(account.blob(Method::GET, "photos/a").header("if-modified-since", &since)).await;
    assert_eq!(same.status, 304);
    account.services.clock().advance(Duration::from_secs(2));
    answer(account.put("photos/a", "y")).await;
    let changed =
        answer(account.blob(Method::GET, "photos/a").header("if-modified-since", &since)).await;
    assert_eq!((changed.status, changed.text()), (200, "y"));
}

#[tokio::test]
async fn a_wrong_checksum_keeps_nothing() {
    let account = with_blob("old").await;
    let md5 = "XrY7u+Ae7tCTyyK7j1rNww==";
    let wrong = answer(account.put("photos/a", "hello").header("content-md5", md5)).await;
    assert_eq!(wrong.refusal(), (400, "Md5Mismatch"));
    assert_eq!(wrong.element("UserSpecifiedMd5"), md5);
    let wrong =
        answer(account.put("photos/a", "hello").header("x-ms-content-crc64", "AAAAAAAAAAA=")).await;
    assert_eq!(wrong.refusal(), (400, "Crc64Mismatch"));
    assert_eq!(answer(account.blob(Method::GET, "photos/a")).await.text(), "old");
    let right = answer(account.put("photos/a", "hello world").header("content-md5", md5)).await;
    assert_eq!((right.status, right.header("content-md5")), (201, md5));
}

#[tokio::test]
async fn whatever_has_a_body_is_held_to_its_checksum() {
    let account = with_blob("old").await;
    let staged =
        answer(account.blob(Method::PUT, "photos/b?comp=block&blockid=AAAA").body("x")).await;
    assert_eq!(staged.status, 201);
    let list = "<BlockList><Latest>AAAA</Latest></BlockList>";
    let tags = "<Tags><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tags>";
    for (path, body) in [
        ("photos/b?comp=block&blockid=AAAA", "y"),
        ("photos/b?comp=blocklist", list),
        ("photos/a?comp=tags", tags),
    ] {
        let request =
            account.blob(Method::PUT, path).header("content-md5", "XrY7u+Ae7tCTyyK7j1rNww==");
        let wrong = answer(request.body(body)).await;
        assert_eq!(wrong.refusal(), (400, "Md5Mismatch"), "{path}");
        let request = account.blob(Method::PUT, path).header("content-md5", "short");
        assert_eq!(answer(request.body(body)).await.refusal(), (400, "InvalidMd5"), "{path}");
    }
    assert_eq!(
        answer(account.blob(Method::GET, "photos/b")).await.status,
        404,
        "nothing was committed"
    );
}

#[tokio::test]
async fn block_ids_are_checked() {
    let account = with_blob("x").await;
    let stage = |id: &str| {
        let path =
            format!("photos/b?comp=block&blockid={}", id.replace('+', "%2B").replace('=', "%3D"));
        answer(account.blob(Method::PUT, &path).body("x"))
    };
    assert_eq!(stage(&STANDARD.encode([7; 64])).await.status, 201);
    assert_eq!(
        stage(&STANDARD.encode([7; 65])).await.refusal(),
        (400, "InvalidQueryParameterValue")
    );
    assert_eq!(stage("no base64!").await.refusal(), (400, "InvalidQueryParameterValue"));
    assert_eq!(stage("").await.refusal(), (400, "MissingRequiredQueryParameter"));
    assert_eq!(stage("AAAA").await.refusal(), (400, "InvalidBlobOrBlock"));
}

#[tokio::test]
async fn a_block_list_says_where_each_block_comes_from() {
    let account = Account::empty().await;
    account.create_container("photos").await;
    let stage = |id: &str, content: &'static str| {
        answer(
            account.blob(Method::PUT, &format!("photos/b?comp=block&blockid={id}")).body(content),
        )
    };
    let commit = |list: &str| {
        answer(
            account
                .blob(Method::PUT, "photos/b?comp=blocklist")
                .body(format!("<BlockList>{list}</BlockList>")),
        )
    };
    let text = async || answer(account.blob(Method::GET, "photos/b")).await.text().to_owned();
    stage("AAAA", "a1").await;
    stage("BBBB", "b1").await;
    assert_eq!(commit("<Committed>AAAA</Committed>").await.refusal(), (400, "InvalidBlockList"));
    assert_eq!(commit("<Uncommitted>BBBB</Uncommitted><Latest>AAAA</Latest>").await.status, 201);
    assert_eq!(text().await, "b1a1");
    stage("AAAA", "a2").await;
    let lists =
        answer(account.blob(Method::GET, "photos/b?comp=blocklist&blocklisttype=all")).await;
    assert_eq!(lists.elements("Name"), ["BBBB", "AAAA", "AAAA"]);
    assert_eq!(lists.header("x-ms-blob-content-length"), "4");
    assert_eq!(
        commit("<Committed>AAAA</Committed><Uncommitted>AAAA</Uncommitted><Latest>BBBB</Latest>")
            .await
            .status,
        201
    );
    assert_eq!(text().await, "a1a2b1");
    // What was staged and not named is gone, and so is what was committed and not named.
    assert_eq!(
        commit("<Uncommitted>AAAA</Uncommitted>").await.refusal(),
        (400, "InvalidBlockList")
    );
    assert_eq!(commit("<Latest>BBBB</Latest>").await.status, 201);
    assert_eq!(commit("<Latest>AAAA</Latest>").await.refusal(), (400, "InvalidBlockList"));
    assert_eq!(commit("<Newest>BBBB</Newest>").await.refusal(), (400, "InvalidXmlDocument"));
    assert_eq!(text().await, "b1");
}

#[tokio::test]
async fn a_put_forgets_what_was_staged() {
    let account = with_blob("x").await;
    answer(account.blob(Method::PUT, "photos/a?comp=block&blockid=AAAA").body("staged")).await;
    answer(account.put("photos/a", "whole")).await;
    let list = "<BlockList><Latest>AAAA</Latest></BlockList>";
    let refused = answer(account.blob(Method::PUT, "photos/a?comp=blocklist").body(list)).await;
    assert_eq!(refused.refusal(), (400, "InvalidBlockList"));
}

#[tokio::test]
async fn a_block_is_taken_from_a_range_of_another_blob() {
    let account = with_blob("0123456789").await;
    let source = format!("{}/photos/a?{}", account.services.blob_url(), account.sas);
    let stage = |range: &'static str| {
        let request = account
            .blob(Method::PUT, "photos/b?comp=block&blockid=AAAA")
            .header("x-ms-copy-source", &source);
        answer(request.header("x-ms-source-range", range))
    };
    assert_eq!(stage("bytes=20-30").await.refusal(), (416, "InvalidRange"));
    assert_eq!(stage("bytes=3-5").await.status, 201);
    let list = "<BlockList><Latest>AAAA</Latest></BlockList>";
    answer(account.blob(Method::PUT, "photos/b?comp=blocklist").body(list)).await;
    assert_eq!(answer(account.blob(Method::GET, "photos/b")).await.text(), "345");
}

#[tokio::test]
async fn a_put_needs_its_length_and_its_type() {
    let account = with_blob("x").await;
    let chunks = futures::stream::iter([Ok::<_, std::io::Error>("x"), Ok("y")]);
    let streamed = account.put("photos/b", reqwest::Body::wrap_stream(chunks));
    assert_eq!(answer(streamed).await.refusal(), (411, "MissingContentLengthHeader"));
    let untyped = account.blob(Method::PUT, "photos/b").body("x");
    assert_eq!(answer(untyped).await.refusal(), (400, "MissingRequiredHeader"));
}

#[tokio::test]
async fn what_is_not_done_is_named() {
    let account = with_blob("x").await;
    for (method, path, name) in [
        (Method::PUT, "photos/a?comp=tier", "Set Blob Tier"),
        (Method::PUT, "photos/a?comp=undelete", "Undelete Blob"),
        (Method::POST, "photos/a?comp=query", "Query Blob Contents"),
        (Method::POST, "?comp=batch", "Blob Batch"),
        (Method::GET, "?comp=blobs&where=x", "Find Blobs by Tags"),
        (Method::GET, "photos/a?versionid=2026-11-21T08:00:00.0000000Z", "versions of a blob"),
    ] {
        let refused = answer(account.blob(method, path)).await;
        assert_eq!(
            (refused.refusal(), refused.element("Operation")),
            ((501, "NotImplemented"), name)
        );
    }
    let append = account.blob(Method::PUT, "photos/b").header("x-ms-blob-type", "AppendBlob");
    assert_eq!(answer(append).await.element("Operation"), "Put Blob of type AppendBlob");
}

#[tokio::test]
async fn a_container_s_lease_keeps_it_from_being_deleted() {
    let account = with_blob("x").await;
    let lease = "11111111-1111-1111-1111-111111111111";
    let acquire = account.blob(Method::PUT, "photos?restype=container&comp=lease");
    let acquired = answer(
        acquire
            .header("x-ms-lease-action", "acquire")
            .header("x-ms-lease-duration", "15")
            .header("x-ms-proposed-lease-id", lease),
    )
    .await;
    assert_eq!((acquired.status, acquired.header("x-ms-lease-id")), (201, lease));
    let delete = || account.blob(Method::DELETE, "photos?restype=container");
    assert_eq!(answer(delete()).await.refusal(), (412, "LeaseIdMissing"));
    let wrong = delete().header("x-ms-lease-id", "22222222-2222-2222-2222-222222222222");
    assert_eq!(answer(wrong).await.refusal(), (412, "LeaseIdMismatchWithContainerOperation"));
    assert_eq!(answer(account.put("photos/b", "blobs are not the container")).await.status, 201);
    assert_eq!(answer(delete().header("x-ms-lease-id", lease)).await.status, 202);
    assert_eq!(
        answer(account.blob(Method::GET, "photos/a")).await.refusal(),
        (404, "ContainerNotFound")
    );
}

#[tokio::test]
async fn a_refused_upload_reads_its_refusal() {
    let account = Account::empty().await;
    let large = vec![7_u8; 20 << 20];
    for _ in 0..3 {
        let refused = answer(account.put("missing/large", large.clone())).await;
        assert_eq!(refused.refusal(), (404, "ContainerNotFound"));
    }
}

#[tokio::test]
async fn a_rule_for_tags_is_kept_on_reads_and_writes() {
    let account = with_blob("x").await;
    let tags = "<Tags><TagSet><Tag><Key>state</Key><Value>new</Value></Tag></TagSet></Tags>";
    assert_eq!(
        answer(account.blob(Method::PUT, "photos/a?comp=tags").body(tags)).await.status,
        204
    );
    let get = |rule: &'static str| {
        answer(account.blob(Method::GET, "photos/a").header("x-ms-if-tags", rule))
    };
    assert_eq!(get("\"state\" = 'new'").await.status, 200);
    assert_eq!(get("\"state\" = 'done'").await.refusal(), (412, "ConditionNotMet"));
    assert_eq!(get("state is done").await.refusal(), (400, "InvalidHeaderValue"));
}

#[tokio::test]
async fn metadata_is_given_back_as_its_names_were_spelled() {
    let directory = tempfile::tempdir().unwrap();
    let options = || Options { data: Some(directory.path().to_owned()), ..Options::ephemeral() };
    let account = Account::start(options()).await;
    account.create_container("photos").await;
    let url = account.services.blob_url().to_owned();
    // The HTTP client would spell names in its own way.
    let spelled = |url: &str, head: String| {
        use std::io::{Read, Write};
        let address = url.trim_start_matches("http://").split('/').next().unwrap().to_owned();
        tokio::task::spawn_blocking(move || {
            let mut stream = std::net::TcpStream::connect(&address).unwrap();
            stream
                .write_all(format!("{head}host: {address}\r\nconnection: close\r\n\r\n").as_bytes())
                .unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).unwrap();
            answer
        })
    };
    let path = format!("/devstoreaccount1/photos/a?{}", account.sas);
    let put = format!(
        "PUT {path} HTTP/1.1\r\nx-ms-blob-type: BlockBlob\r\nx-ms-meta-DocType: Photo\r\nX-MS-META-owner: x\r\ncontent-length: 0\r\n"
    );
    assert!(spelled(&url, put).await.unwrap().starts_with("HTTP/1.1 201"));
    account.services.stop().await;

    let account = Account::start(options()).await;
    let head =
        spelled(account.services.blob_url(), format!("HEAD {path} HTTP/1.1\r\n")).await.unwrap();
    assert!(head.contains("\r\nx-ms-meta-DocType: Photo\r\n"), "{head}");
    assert!(head.contains("\r\nx-ms-meta-owner: x\r\n"), "{head}");
    let listed =
        answer(account.blob(Method::GET, "photos?restype=container&comp=list&include=metadata"))
            .await;
    assert_eq!(listed.element("Metadata"), "<DocType>Photo</DocType><owner>x</owner>");
}

#[tokio::test]
async fn a_page_may_upload_when_a_rule_says_so() {
    let account = with_blob("x").await;
    let preflight = || {
        let url = format!("{}/photos/new", account.services.blob_url());
        let request =
            account.http.request(Method::OPTIONS, url).header("origin", "http://127.0.0.1:7071");
        answer(
            request
                .header("access-control-request-method", "PUT")
                .header("access-control-request-headers", "x-ms-blob-type"),
        )
    };
    assert_eq!(preflight().await.refusal(), (403, "CorsPreflightFailure"));
    let rules = "<StorageServiceProperties><Cors><CorsRule><AllowedOrigins>http://127.0.0.1:7071</AllowedOrigins>\
                 <AllowedMethods>PUT</AllowedMethods><AllowedHeaders>*</AllowedHeaders><ExposedHeaders>etag</ExposedHeaders>\
                 <MaxAgeInSeconds>60</MaxAgeInSeconds></CorsRule></Cors></StorageServiceProperties>";
    assert_eq!(
        answer(account.blob(Method::PUT, "?restype=service&comp=properties").body(rules))
            .await
            .status,
        202
    );
    let allowed = preflight().await;
    assert_eq!(
        (allowed.status, allowed.header("access-control-allow-headers")),
        (200, "x-ms-blob-type")
    );
    let put =
        answer(account.put("photos/new", "x").header("origin", "http://127.0.0.1:7071")).await;
    assert_eq!(
        (put.status, put.header("access-control-allow-origin")),
        (201, "http://127.0.0.1:7071")
    );
    let other =
        answer(account.put("photos/new", "x").header("origin", "http://other.example")).await;
    assert_eq!(other.header("access-control-allow-origin"), "");
}
