//! The official SDK for Rust, doing with blobs what our handlers do.

use std::collections::HashMap;

use azure_core::{
    credentials::{AccessToken, TokenCredential, TokenRequestOptions},
    error::ErrorKind,
    http::{RequestContent, StatusCode, Url},
    time::{Duration, OffsetDateTime},
};
use azure_storage_blob::{BlobClient, models::*};
use azure_storage_sas::SasBuilder;
use futures::TryStreamExt;

use crate::account::{Account, answer};

fn status(error: azure_core::Error) -> StatusCode {
    match error.kind() {
        ErrorKind::HttpResponse { status, .. } => *status,
        other => panic!("not an answer: {other:?}"),
    }
}

async fn text(blob: &BlobClient) -> String {
    let body = blob.download(None).await.unwrap().body.collect().await.unwrap();
    String::from_utf8(body.to_vec()).unwrap()
}

#[tokio::test]
async fn a_blob_is_put_described_read_and_deleted() {
    let account = Account::empty().await;
    let container = account.container("photos").await;
    let blob = container.blob_client("in/photo 1.jpg");
    assert!(!blob.exists().await.unwrap());
    let options = BlobClientUploadOptions {
        blob_content_type: Some("image/jpeg".into()),
        metadata: Some(HashMap::from([("k".into(), "v".into())])),
        if_none_match: Some("*".into()),
        ..Default::default()
    };
    blob.upload(RequestContent::from(b"hello world".to_vec()), Some(options.clone()))
        .await
        .unwrap();
    let again =
        blob.upload(RequestContent::from(b"again".to_vec()), Some(options)).await.unwrap_err();
    assert_eq!(status(again), StatusCode::Conflict);

    let properties = blob.get_properties(None).await.unwrap();
    assert_eq!(properties.content_length().unwrap(), Some(11));
    let etag = properties.etag().unwrap();
    let whole = blob
        .download(Some(BlobClientDownloadOptions { if_match: etag, ..Default::default() }))
        .await
        .unwrap();
    assert_eq!(whole.body.collect().await.unwrap().as_ref(), b"hello world");
    let range = BlobClientDownloadOptions { range: Some((2u64..4).into()), ..Default::default() };
    assert_eq!(
        blob.download(Some(range)).await.unwrap().body.collect().await.unwrap().as_ref(),
        b"ll"
    );

    blob.delete(None).await.unwrap();
    assert_eq!(status(blob.get_properties(None).await.unwrap_err()), StatusCode::NotFound);
}

#[tokio::test]
async fn an_empty_blob_is_read_as_nothing() {
    let account = Account::empty().await;
    let blob = account.container("photos").await.blob_client("empty");
    blob.upload(RequestContent::from(Vec::new()), None).await.unwrap();
    assert_eq!(text(&blob).await, "");
}

#[tokio::test]
async fn a_large_blob_goes_up_and_comes_down_in_parts() {
    let account = Account::empty().await;
    let blob = account.container("photos").await.blob_client("large");
    let bytes: Vec<u8> = (0..9_000_003_u32).map(|n| (n % 251) as u8).collect();
    blob.upload(RequestContent::from(bytes.clone()), None).await.unwrap();
    let back = blob.download(None).await.unwrap().body.collect().await.unwrap();
    assert!(back.as_ref() == bytes.as_slice());
}

#[tokio::test]
async fn metadata_and_tags_are_replaced() {
    let account = Account::empty().await;
    let blob = account.container("photos").await.blob_client("a.jpg");
    blob.upload(RequestContent::from(b"x".to_vec()), None).await.unwrap();
    blob.set_metadata(&HashMap::from([("k2".into(), "v2".into())]), None).await.unwrap();
    assert_eq!(blob.get_properties(None).await.unwrap().metadata().unwrap()["k2"], "v2");
    let tags = BlobTags::from(HashMap::from([("state".to_string(), "done".to_string())]));
    blob.set_tags(tags.try_into().unwrap(), None).await.unwrap();
    let read: HashMap<String, String> =
        blob.get_tags(None).await.unwrap().into_model().unwrap().into();
    assert_eq!(read, HashMap::from([("state".to_string(), "done".to_string())]));
}

#[tokio::test]
async fn blocks_are_committed() {
    let account = Account::empty().await;
    let blob = account.container("photos").await.blob_client("blocks");
    let blocks = blob.block_blob_client();
    blocks.stage_block(b"0002", 3, RequestContent::from(b"def".to_vec()), None).await.unwrap();
    blocks.stage_block(b"0001", 3, RequestContent::from(b"abc".to_vec()), None).await.unwrap();
    let list = BlockLookupList {
        latest: Some(vec![b"0001".to_vec(), b"0002".to_vec()]),
        ..Default::default()
    };
    blocks.commit_block_list(list.try_into().unwrap(), None).await.unwrap();
    assert_eq!(text(&blob).await, "abcdef");
}

#[tokio::test]
async fn a_copy_is_done_when_it_is_answered() {
    let account = Account::empty().await;
    let container = account.container("photos").await;
    let (source, copy) =
        (container.blob_client("in/a b.jpg"), container.blob_client("out/copy.jpg"));
    source.upload(RequestContent::from(b"bytes".to_vec()), None).await.unwrap();
    copy.start_copy_from_url(source.url().to_string(), None).await.unwrap();
    assert_eq!(
        copy.get_properties(None).await.unwrap().copy_status().unwrap(),
        Some(CopyStatus::Success)
    );
    assert_eq!(text(&copy).await, "bytes");
    let third = container.blob_client("third.jpg");
    third.block_blob_client().upload_blob_from_url(source.url().to_string(), None).await.unwrap();
    assert_eq!(text(&third).await, "bytes");
}

#[tokio::test]
async fn blobs_and_containers_are_listed_to_the_end() {
    let account = Account::empty().await;
    let container = account.container("photos").await;
    for n in 0..25 {
        let blob = container.blob_client(&format!("in/{n:02}"));
        blob.upload(RequestContent::from(b"x".to_vec()), None).await.unwrap();
    }
    let options = BlobContainerClientListBlobsOptions {
        prefix: Some("in/1".into()),
        maxresults: Some(4),
        ..Default::default()
    };
    let names: Vec<String> = container
        .list_blobs(Some(options))
        .unwrap()
        .map_ok(|item| item.name.unwrap_or_default())
        .try_collect()
        .await
        .unwrap();
    assert_eq!(names, (10..20).map(|n| format!("in/{n}")).collect::<Vec<_>>());
    let containers: Vec<ContainerItem> =
        account.blobs().list_containers(None).unwrap().try_collect().await.unwrap();
    assert_eq!(containers[0].name.as_deref(), Some("photos"));
}

#[tokio::test]
async fn a_lease_is_held_by_one() {
    let account = Account::empty().await;
    let blob = account.container("locks").await.blob_client("timer");
    blob.upload(RequestContent::from(b"".to_vec()), None).await.unwrap();
    let lease = blob.acquire_lease(15, None).await.unwrap().lease_id().unwrap().unwrap();
    assert_eq!(status(blob.acquire_lease(15, None).await.unwrap_err()), StatusCode::Conflict);
    blob.renew_lease(lease.clone(), None).await.unwrap();
    account.services.clock().advance(std::time::Duration::from_secs(16));
    blob.acquire_lease(15, None).await.unwrap();
    assert_eq!(status(blob.renew_lease(lease, None).await.unwrap_err()), StatusCode::Conflict);
}

/// The SDK wants a credential for a user delegation key, and HTTPS for a credential: the answer is taken by a plain
/// request, as code for a laptop does, and the signature is made by the SDK.
async fn delegation_key<K: serde::de::DeserializeOwned>(account: &Account) -> K {
    let now = OffsetDateTime::now_utc();
    let time = |at: OffsetDateTime| azure_core::time::to_rfc3339(&at);
    let (start, expiry) = (time(now - Duration::minutes(5)), time(now + Duration::hours(1)));
    let url = format!("{}?restype=service&comp=userdelegationkey", account.services.blob_url());
    let body = format!("<KeyInfo><Start>{start}</Start><Expiry>{expiry}</Expiry></KeyInfo>");
    let request = account
        .http
        .post(url)
        .bearer_auth("anything")
        .header("x-ms-version", "2026-04-06")
        .body(body);
    let answer = answer(request).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    azure_core::xml::from_xml(&answer.body).unwrap()
}

#[tokio::test]
async fn a_user_delegation_signature_opens_one_blob() {
    let account = Account::empty().await;
    let container = account.container("uploads").await;
    for name in ["dir/a b.jpg", "other.jpg"] {
        container
            .blob_client(name)
            .upload(RequestContent::from(b"secret".to_vec()), None)
            .await
            .unwrap();
    }
    let key = delegation_key(&account).await;
    let expiry = OffsetDateTime::now_utc() + Duration::minutes(30);
    let sas = SasBuilder::new("devstoreaccount1", &key, expiry)
        .unwrap()
        .blob("uploads", "dir/a b.jpg")
        .read()
        .build();
    let at = |name: &str| {
        let url: Url =
            format!("{}/uploads/{name}?{sas}", account.services.blob_url()).parse().unwrap();
        url
    };
    let blob = BlobClient::new(at("dir%2Fa%20b.jpg"), None, None).unwrap();
    assert_eq!(text(&blob).await, "secret");
    assert_eq!(
        answer(account.http.get(at("other.jpg"))).await.refusal(),
        (403, "AuthenticationFailed")
    );
    let written =
        account.http.put(at("dir%2Fa%20b.jpg")).header("x-ms-blob-type", "BlockBlob").body("new");
    assert_eq!(answer(written).await.refusal(), (403, "AuthorizationPermissionMismatch"));
    account.services.clock().advance(std::time::Duration::from_secs(31 * 60));
    assert_eq!(
        answer(account.http.get(at("dir%2Fa%20b.jpg"))).await.refusal(),
        (403, "AuthenticationFailed")
    );
}

#[tokio::test]
async fn a_ticket_is_for_one_content_length() {
    let account = Account::empty().await;
    account.container("uploads").await;
    let key = delegation_key(&account).await;
    let expiry = OffsetDateTime::now_utc() + Duration::minutes(15);
    let sas = SasBuilder::new("devstoreaccount1", &key, expiry)
        .unwrap()
        .blob("uploads", "photo")
        .create()
        .signed_request_header("content-length", "5")
        .build();
    let url = format!("{}/uploads/photo?{sas}", account.services.blob_url());
    let put = |content: &'static str| {
        answer(account.http.put(&url).header("x-ms-blob-type", "BlockBlob").body(content))
    };
    assert_eq!(put("too long").await.refusal(), (403, "AuthenticationFailed"));
    assert_eq!(put("right").await.status, 201);
    assert_eq!(put("again").await.refusal(), (403, "UnauthorizedBlobOverwrite"));
}

#[tokio::test]
async fn containers_directories_and_queues_have_user_delegation_signatures_too() {
    let account = Account::empty().await;
    let container = account.container("uploads").await;
    container
        .blob_client("p1/a.jpg")
        .upload(RequestContent::from(b"x".to_vec()), None)
        .await
        .unwrap();
    let key = delegation_key(&account).await;
    let sas = || {
        SasBuilder::new("devstoreaccount1", &key, OffsetDateTime::now_utc() + Duration::minutes(5))
            .unwrap()
    };
    let get = |path: &str, sas: String| {
        let separator = if path.contains('?') { '&' } else { '?' };
        answer(account.http.get(format!("{}/{path}{separator}{sas}", account.services.blob_url())))
    };
    let container_sas = sas().container("uploads").read().list().build();
    assert_eq!(get("uploads/p1%2Fa.jpg", container_sas.clone()).await.text(), "x");
    assert_eq!(
        get("uploads?restype=container&comp=list", container_sas).await.elements("Name"),
        ["p1/a.jpg"]
    );
    let directory = sas().directory("uploads", "p1").read().build();
    assert_eq!(get("uploads/p1%2Fa.jpg", directory.clone()).await.status, 200);
    assert_eq!(get("uploads/p2%2Fa.jpg", directory).await.refusal(), (403, "AuthenticationFailed"));
    // The key was made by the blob service and is good there only.
    let queue = sas().queue("jobs").read().build();
    let url = format!("{}/jobs/messages?peekonly=true&{queue}", account.services.queue_url());
    assert_eq!(
        answer(account.http.get(url)).await.refusal(),
        (403, "AuthorizationServiceMismatch")
    );
}

/// Any token at all: it stands in for Entra ID's.
#[derive(Debug)]
struct AnyToken;

#[async_trait::async_trait]
impl TokenCredential for AnyToken {
    async fn get_token(
        &self,
        _: &[&str],
        _: Option<TokenRequestOptions<'_>>,
    ) -> azure_core::Result<AccessToken> {
        Ok(AccessToken::new("any".to_owned(), OffsetDateTime::now_utc() + Duration::days(1)))
    }
}

#[tokio::test]
async fn the_sdk_itself_refuses_a_token_without_https() {
    let account = Account::empty().await;
    let url: Url = account.services.blob_url().parse().unwrap();
    let credential = std::sync::Arc::new(AnyToken);
    let container = azure_storage_blob::BlobServiceClient::new(url, Some(credential), None)
        .map(|service| service.blob_container_client("photos"));
    // If this changes, a handler's local settings can do without a signature.
    match container {
        Err(_) => {}
        Ok(container) => assert!(container.exists().await.is_err()),
    }
}
