//! Uploading a blob.

use bytes::Bytes;
use http::{Request, StatusCode, header::CONTENT_TYPE};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use hyper::body::Incoming;
use multer::{Constraints, Multipart, SizeLimit};
use tokio::time::timeout;

use super::{Fields, check_token};
use crate::{
    http::body::{BODY_DEADLINE, BodyError},
    page::{Visit, answers::Refusal},
};

/// The largest file, in bytes.
const FILE_MAX_BYTES: u64 = 32 << 20;

/// The largest of the other fields, in bytes.
const FIELD_MAX_BYTES: u64 = 4 << 10;

#[derive(Debug)]
struct File {
    name: Option<String>,
    content_type: String,
    bytes: Bytes,
}

/// Stores the file of the form, and says what was stored.
pub(super) async fn upload(
    visit: &Visit,
    request: Request<Incoming>,
) -> Result<(Fields, String), Refusal> {
    let late = |_| Refusal::body(BodyError::Late { deadline: BODY_DEADLINE });
    let (fields, file) = timeout(BODY_DEADLINE, read(visit, request)).await.map_err(late)??;
    let container = fields.need("container")?;
    let file = file.ok_or_else(|| Refusal::bad("choose a file"))?;
    let given = fields.get("name").map(str::trim).filter(|name| !name.is_empty());
    let name = given
        .or(file.name.as_deref())
        .ok_or_else(|| Refusal::bad("choose a file, or give the blob a name"))?;
    let (length, told) = (file.bytes.len(), format!("{container}/{name}"));
    let services = &visit.page.services;
    services
        .put_blob(container, name, &file.content_type, file.bytes)
        .await
        .map_err(Refusal::service)?;
    Ok((fields, format!("Stored {length} bytes as {told}.")))
}

async fn read(
    visit: &Visit,
    request: Request<Incoming>,
) -> Result<(Fields, Option<File>), Refusal> {
    let content_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let boundary =
        multer::parse_boundary(content_type.unwrap_or_default()).map_err(Refusal::bad)?;
    let whole = usize::try_from(FILE_MAX_BYTES + 16 * FIELD_MAX_BYTES).unwrap_or(usize::MAX);
    let body = Limited::new(request.into_body(), whole).into_data_stream();
    let limits = SizeLimit::new().per_field(FIELD_MAX_BYTES).for_field("file", FILE_MAX_BYTES);
    let constraints = Constraints::new().size_limit(limits);
    let mut form = Multipart::with_constraints(body, boundary, constraints);
    let (mut fields, mut file) = (Fields::default(), None);
    while let Some(field) = form.next_field().await.map_err(unread)? {
        let name = field.name().unwrap_or_default().to_owned();
        if name != "file" {
            fields.add(name, field.text().await.map_err(unread)?);
            continue;
        }
        // The token stands before the file: nothing is read for a stranger.
        check_token(visit, &fields)?;
        let own = field.file_name().map(str::to_owned).filter(|name| !name.is_empty());
        let content_type = field.content_type().map(ToString::to_string);
        file = Some(File {
            name: own,
            content_type: content_type.unwrap_or_else(|| "application/octet-stream".to_owned()),
            bytes: field.bytes().await.map_err(unread)?,
        });
    }
    check_token(visit, &fields)?;
    Ok((fields, file))
}

fn unread(error: multer::Error) -> Refusal {
    let is_too_large = match &error {
        multer::Error::FieldSizeExceeded { .. } | multer::Error::StreamSizeExceeded { .. } => true,
        multer::Error::StreamReadFailed(cause) => cause.is::<LengthLimitError>(),
        _ => false,
    };
    match is_too_large {
        true => Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, error),
        false => Refusal::bad(error),
    }
}
