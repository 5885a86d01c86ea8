//! Who is let in: every operation with every permission missing, wrong paths, wrong times, tampering, nobody at all.

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, Mac};
use local_data::{ACCOUNT_KEY, connection_string};
use reqwest::{Method, RequestBuilder};
use sha2::Sha256;

use crate::account::{Account, Answer, answer};

const EXPIRY: &str = "2099-01-01T00:00:00Z";
const MESSAGE: &str = "<QueueMessage><MessageText>x</MessageText></QueueMessage>";

/// Signs as the documentation says, independently of the service's own code.
fn sign(text: &str) -> String {
    let key = STANDARD.decode(ACCOUNT_KEY).unwrap();
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
    mac.update(text.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes()).replace('+', "%2B")
}

fn account_sas(permissions: &str, services: &str, types: &str) -> String {
    let text = format!(
        "devstoreaccount1\n{permissions}\n{services}\n{types}\n\n{EXPIRY}\n\n\n2024-11-04\n\n"
    );
    let signature = sign(&text);
    format!("sv=2024-11-04&ss={services}&srt={types}&sp={permissions}&se={EXPIRY}&sig={signature}")
}

fn blob_sas(permissions: &str, resource: &str, path: &str) -> String {
    let text = format!(
        "{permissions}\n\n{EXPIRY}\n/blob/devstoreaccount1/{path}\n\n\n\n2024-11-04\n{resource}\n\n\n\n\n\n\n"
    );
    let signature = sign(&text);
    format!("sv=2024-11-04&sr={resource}&sp={permissions}&se={EXPIRY}&sig={signature}")
}

fn queue_sas(permissions: &str) -> String {
    let text = format!("{permissions}\n\n{EXPIRY}\n/queue/devstoreaccount1/jobs\n\n\n\n2024-11-04");
    let signature = sign(&text);
    format!("sv=2024-11-04&sp={permissions}&se={EXPIRY}&sig={signature}")
}

/// A request with a signature of the test's own.
fn signed(
    account: &Account,
    endpoint: &str,
    method: Method,
    path: &str,
    sas: &str,
) -> RequestBuilder {
    let separator = if path.contains('?') { '&' } else { '?' };
    let request =
        account.http.request(method.clone(), format!("{endpoint}/{path}{separator}{sas}"));
    if method == Method::PUT && !path.contains('?') {
        request.header("x-ms-blob-type", "BlockBlob").body("x")
    } else {
        request
    }
}

async fn with_blob() -> Account {
    let account = Account::empty().await;
    account.create_container("photos").await;
    assert_eq!(answer(account.put("photos/a.jpg", "secret")).await.status, 201);
    account
}

const ALL: &str = "racwdxltmeopuf";

/// What each operation needs, by the permission letters; all others together must not do.
const BLOB_OPERATIONS: [(&str, &str, &str); 8] = [
    ("GET", "photos/a.jpg", "r"),
    ("HEAD", "photos/a.jpg", "r"),
    ("GET", "photos/a.jpg?comp=blocklist", "r"),
    ("GET", "photos/a.jpg?comp=tags", "t"),
    ("PUT", "photos/a.jpg?comp=metadata", "w"),
    ("PUT", "photos/a.jpg?comp=properties", "w"),
    ("PUT", "photos/a.jpg", "w"),
    ("DELETE", "photos/a.jpg", "d"),
];

#[tokio::test]
async fn each_blob_operation_needs_its_permission() {
    let account = with_blob().await;
    let endpoint = account.services.blob_url().to_owned();
    for (method, path, needed) in BLOB_OPERATIONS {
        let method: Method = method.parse().unwrap();
        let others = ALL.replace(needed, "");
        for sas in [
            blob_sas(&others, "b", "photos/a.jpg"),
            blob_sas(&others, "c", "photos"),
            account_sas(&others, "b", "sco"),
        ] {
            let refused = answer(signed(&account, &endpoint, method.clone(), path, &sas)).await;
            assert_eq!(refused.status, 403, "{method} {path} with {others}");
        }
        let sas = blob_sas(needed, "b", "photos/a.jpg");
        let allowed = answer(signed(&account, &endpoint, method.clone(), path, &sas)).await;
        assert!(allowed.status < 300, "{method} {path} with {needed}: {}", allowed.text());
        answer(account.put("photos/a.jpg", "secret")).await;
    }
}

#[tokio::test]
async fn a_blob_s_signature_does_not_open_its_container() {
    let account = with_blob().await;
    let endpoint = account.services.blob_url().to_owned();
    let every = blob_sas(ALL, "b", "photos/a.jpg");
    for (method, path) in [
        (Method::GET, "photos?restype=container&comp=list"),
        (Method::GET, "photos?restype=container"),
        (Method::DELETE, "photos?restype=container"),
        (Method::GET, "photos/b.jpg"),
        (Method::GET, "other/a.jpg"),
        (Method::GET, "photos/a.jpg%2Fb"),
        (Method::GET, "?comp=list"),
    ] {
        let refused = answer(signed(&account, &endpoint, method, path, &every)).await;
        assert_eq!(refused.status, 403, "{path}");
    }
    let container = blob_sas(ALL, "c", "photos");
    let listed = answer(signed(
        &account,
        &endpoint,
        Method::GET,
        "photos?restype=container&comp=list",
        &container,
    ))
    .await;
    assert_eq!(listed.elements("Name"), ["a.jpg"]);
    for (method, path) in [
        (Method::DELETE, "photos?restype=container"),
        (Method::GET, "photos?restype=container&comp=acl"),
        (Method::GET, "other?restype=container&comp=list"),
    ] {
        assert_eq!(
            answer(signed(&account, &endpoint, method, path, &container)).await.status,
            403,
            "{path}"
        );
    }
}

#[tokio::test]
async fn each_queue_operation_needs_its_permission() {
    let account = Account::empty().await;
    answer(account.message(Method::PUT, "jobs")).await;
    let endpoint = account.services.queue_url().to_owned();
    let send = |sas: &str| {
        answer(signed(&account, &endpoint, Method::POST, "jobs/messages", sas).body(MESSAGE))
    };
    assert_eq!(send(&queue_sas("a")).await.status, 201);
    assert_eq!(send(&queue_sas("rup")).await.refusal(), (403, "AuthorizationPermissionMismatch"));
    for (method, path, needed) in [
        (Method::GET, "jobs/messages?peekonly=true", "r"),
        (Method::GET, "jobs?comp=metadata", "r"),
        (Method::GET, "jobs/messages", "p"),
    ] {
        let others = "raup".replace(needed, "");
        let refused =
            answer(signed(&account, &endpoint, method.clone(), path, &queue_sas(&others))).await;
        assert_eq!(
            refused.refusal(),
            (403, "AuthorizationPermissionMismatch"),
            "{path} with {others}"
        );
        let allowed = answer(signed(&account, &endpoint, method, path, &queue_sas(needed))).await;
        assert_eq!(allowed.status, 200, "{path} with {needed}");
    }
    for (method, path) in [
        (Method::DELETE, "jobs"),
        (Method::DELETE, "jobs/messages"),
        (Method::PUT, "jobs?comp=metadata"),
        (Method::GET, "?comp=list"),
    ] {
        let refused = answer(signed(&account, &endpoint, method, path, &queue_sas("raup"))).await;
        assert_eq!(refused.status, 403, "{path}");
    }
}

#[tokio::test]
async fn an_account_s_signature_is_for_its_services_and_resource_types() {
    let account = with_blob().await;
    let endpoint = account.services.blob_url().to_owned();
    let get = |sas: String| answer(signed(&account, &endpoint, Method::GET, "photos/a.jpg", &sas));
    assert_eq!(get(account_sas("r", "b", "o")).await.text(), "secret");
    assert_eq!(
        get(account_sas("r", "q", "o")).await.refusal(),
        (403, "AuthorizationServiceMismatch")
    );
    assert_eq!(
        get(account_sas("r", "b", "sc")).await.refusal(),
        (403, "AuthorizationResourceTypeMismatch")
    );
    assert_eq!(
        get(account_sas("w", "b", "o")).await.refusal(),
        (403, "AuthorizationPermissionMismatch")
    );
}

#[tokio::test]
async fn a_signature_that_was_changed_is_refused() {
    let account = with_blob().await;
    let endpoint = account.services.blob_url().to_owned();
    let sas = blob_sas("r", "b", "photos/a.jpg");
    for changed in [
        sas.replace("sp=r", "sp=rw"),
        sas.replace("2099", "2100"),
        sas.replace("sr=b", "sr=c"),
        sas.replace("sig=", "sig=x"),
        format!("{sas}&rsct=text%2Fhtml"),
    ] {
        let refused =
            answer(signed(&account, &endpoint, Method::GET, "photos/a.jpg", &changed)).await;
        assert_eq!(refused.refusal(), (403, "AuthenticationFailed"), "{changed}");
        assert!(!refused.element("AuthenticationErrorDetail").is_empty());
    }
}

#[tokio::test]
async fn a_wrong_key_is_refused_whatever_else_is_right() {
    let account = with_blob().await;
    let url = format!("{}/photos/a.jpg", account.services.blob_url());
    let with = |authorization: &'static str| {
        let request = account.http.get(&url).header("authorization", authorization);
        answer(request.header("x-ms-date", "Sat, 21 Nov 2026 08:00:00 GMT"))
    };
    assert_eq!(
        with("SharedKey devstoreaccount1:AAAA").await.refusal(),
        (403, "AuthenticationFailed")
    );
    assert_eq!(with("SharedKey other:AAAA").await.refusal(), (403, "AuthenticationFailed"));
    assert_eq!(with("Bearer anything").await.refusal(), (403, "AuthenticationFailed"));
    assert_eq!(with("Basic AAAA").await.refusal(), (400, "InvalidAuthenticationInfo"));
    // A header that is wrong is not made good by a signature that is right.
    let both = account
        .http
        .get(format!("{url}?{}", account.sas))
        .header("authorization", "SharedKey devstoreaccount1:AAAA");
    assert_eq!(answer(both).await.refusal(), (403, "AuthenticationFailed"));
}

#[tokio::test]
async fn a_client_that_signs_by_the_machine_s_clock_is_let_in_while_the_service_travels() {
    let account = with_blob().await;
    account.services.clock().set_offset(jiff::SignedDuration::from_hours(24 * 31));
    let get = async |now: jiff::Timestamp| {
        let date = now.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
        let resource = "/devstoreaccount1/devstoreaccount1/photos/a.jpg";
        let text = format!("GET\n\n\n{date}\nx-ms-version:2024-11-04\n{resource}");
        let signature = sign(&text).replace("%2B", "+");
        let request = account.http.get(format!("{}/photos/a.jpg", account.services.blob_url()));
        let request = request.header("date", date).header("x-ms-version", "2024-11-04");
        let scheme = "SharedKeyLite devstoreaccount1";
        answer(request.header("authorization", format!("{scheme}:{signature}"))).await.status
    };
    assert_eq!(get(jiff::Timestamp::now()).await, 200);
    assert_eq!(get(account.services.clock().now()).await, 200);
    assert_eq!(get(jiff::Timestamp::now() - jiff::SignedDuration::from_hours(1)).await, 403);
}

#[tokio::test]
async fn nobody_gets_anything() {
    let account = with_blob().await;
    answer(account.message(Method::PUT, "jobs")).await;
    let blob = |method: Method, path: &str| {
        answer(account.http.request(method, format!("{}/{path}", account.services.blob_url())))
    };
    let not_public = (409, "PublicAccessNotPermitted");
    for path in [
        "photos/a.jpg",
        "photos?restype=container&comp=list",
        "?comp=list",
        "photos/a.jpg?comp=tags",
        "photos/none",
    ] {
        let refused: Answer = blob(Method::GET, path).await;
        assert_eq!(refused.refusal(), not_public, "{path}");
        assert!(!refused.text().contains("secret"));
    }
    assert_eq!(blob(Method::HEAD, "photos/a.jpg").await.refusal(), not_public);
    let unknown = (401, "NoAuthenticationInformation");
    for (method, path) in
        [(Method::PUT, "photos/b?comp=metadata"), (Method::DELETE, "photos/a.jpg")]
    {
        let refused = blob(method, path).await;
        assert_eq!(refused.refusal(), unknown);
        assert!(refused.header("www-authenticate").starts_with("Bearer "));
    }
    let queue =
        answer(account.http.get(format!("{}/jobs/messages", account.services.queue_url()))).await;
    assert_eq!(queue.refusal(), unknown);
}

#[tokio::test]
async fn a_container_cannot_be_made_public() {
    let account = with_blob().await;
    let create = account
        .blob(Method::PUT, "public?restype=container")
        .header("x-ms-blob-public-access", "blob");
    assert_eq!(answer(create).await.refusal(), (409, "PublicAccessNotPermitted"));
}

#[tokio::test]
async fn a_copy_reads_only_what_its_sender_may_read() {
    let account = with_blob().await;
    account.create_container("mine").await;
    let endpoint = account.services.blob_url().to_owned();
    let copy = |source: String| {
        let sas = blob_sas("cw", "c", "mine");
        let request = account.http.put(format!("{endpoint}/mine/copy?{sas}"));
        answer(request.header("x-ms-copy-source", source))
    };
    let secret = format!("{endpoint}/photos/a.jpg");
    assert_eq!(copy(secret.clone()).await.refusal(), (401, "CannotVerifyCopySource"));
    let for_writing = blob_sas("w", "b", "photos/a.jpg");
    assert_eq!(
        copy(format!("{secret}?{for_writing}")).await.refusal(),
        (403, "CannotVerifyCopySource")
    );
    let for_another = blob_sas("r", "b", "photos/b.jpg");
    assert_eq!(
        copy(format!("{secret}?{for_another}")).await.refusal(),
        (403, "CannotVerifyCopySource")
    );
    let for_reading = blob_sas("r", "b", "photos/a.jpg");
    assert_eq!(copy(format!("{secret}?{for_reading}")).await.status, 202);
    let elsewhere = copy("http://example.invalid/devstoreaccount1/photos/a.jpg".to_owned()).await;
    assert_eq!(elsewhere.refusal(), (501, "NotImplemented"));
}

#[tokio::test]
async fn a_delegation_key_is_for_bearers_of_a_token() {
    let account = Account::empty().await;
    let url = format!("{}?restype=service&comp=userdelegationkey", account.services.blob_url());
    let ask = |expiry: &str| {
        account.http.post(&url).body(format!("<KeyInfo><Expiry>{expiry}</Expiry></KeyInfo>"))
    };
    let now = account.services.clock().now();
    let hours = |hours: i64| (now + jiff::SignedDuration::from_hours(hours)).to_string();
    assert_eq!(answer(ask(&hours(1))).await.refusal(), (403, "AuthenticationFailed"));
    let key = answer(ask(&hours(1)).bearer_auth("any")).await;
    assert_eq!((key.status, key.element("SignedService")), (200, "b"));
    assert_eq!(
        answer(ask(&hours(169)).bearer_auth("any")).await.refusal(),
        (400, "InvalidXmlNodeValue")
    );
    assert_eq!(
        answer(ask(&hours(-1)).bearer_auth("any")).await.refusal(),
        (400, "InvalidXmlNodeValue")
    );
    assert_eq!(
        answer(ask("soon").bearer_auth("any")).await.refusal(),
        (400, "InvalidXmlNodeValue")
    );
}

#[test]
fn the_connection_string_is_one() {
    let string = connection_string(
        "http://127.0.0.1:1/devstoreaccount1",
        "http://127.0.0.1:2/devstoreaccount1",
    );
    for part in [
        "AccountName=devstoreaccount1;",
        "BlobEndpoint=http://127.0.0.1:1/devstoreaccount1;",
        "QueueEndpoint=http://127.0.0.1:2/devstoreaccount1;",
    ] {
        assert!(string.contains(part), "{string}");
    }
}
