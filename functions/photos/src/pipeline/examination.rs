//! What the pipeline finds out about a photo: the upload against its ticket, the picture in it, whether it is a
//! known one, what Content Safety says, and what that means. Writes nothing.

use super::finding::{Finding, Hindrance};
use super::picture_of;
use crate::app::App;
use crate::content_safety::Failure;
use crate::digest::digest;
use crate::domain::{Check, Decision, Photo, Picture, Reason, Severities, Ticket, Verdict};
use crate::store::Content;
use azure_data::Blob;
use bytes::Bytes;
use custom_handler::TraceContext;
use picture::{Failed, Limits};
use std::time::Duration;
use tokio::time::Instant;

/// How long the frames of one picture may take together before the run is given up, and tried again.
const MAX_ANALYSIS: Duration = Duration::from_secs(90);

pub(super) async fn examine(
    app: &App,
    photo: &Photo,
    trace: &TraceContext,
) -> Result<Finding, Hindrance> {
    let upload = match app.blobs.uploaded(photo.key()).await {
        Ok(Some(blob)) => blob,
        Ok(None) => return Ok(Finding::refused(Reason::UPLOAD_MISSING)),
        Err(failure) if failure.is_too_large() => {
            return Ok(Finding::refused(Reason::TOO_MANY_BYTES));
        }
        Err(failure) => return Err(Hindrance::before_decoding(failure)),
    };
    let digest = digest(&upload.content);
    match examine_upload(app, photo, upload, trace).await {
        Ok(finding) => Ok(finding.of_upload(&digest)),
        Err(hindrance) => Err(hindrance.of_upload(&digest)),
    }
}

async fn examine_upload(
    app: &App,
    photo: &Photo,
    upload: Blob,
    trace: &TraceContext,
) -> Result<Finding, Hindrance> {
    if let Some(reason) = differs(&upload, &photo.ticket) {
        return Ok(Finding::refused(reason));
    }
    let declared = photo.ticket.content_type.as_str();
    let inspected = picture::inspect(upload.content, declared, &Limits::default()).await;
    let inspected = match inspected {
        Ok(inspected) => inspected,
        Err(Failed::Refused(refusal)) => {
            tracing::info!(photo = %photo.id, code = refusal.code, refusal.detail, "an upload is refused");
            return Ok(Finding::refused(Reason::picture(refusal.code)));
        }
        Err(Failed::Broken(why)) => return Err(Hindrance::before_decoding(why)),
        Err(Failed::Stopped(why)) => return Err(Hindrance::decoder_stopped(why)),
    };
    let frames = inspected.for_analysis.clone();
    let (picture, contents) = picture_of::keep(inspected);
    judge(app, picture, contents, &frames, trace).await
}

/// A ticket is for one length and one type; nobody gets more by saying less.
fn differs(upload: &Blob, ticket: &Ticket) -> Option<Reason> {
    if upload.content.len() as u64 != ticket.content_length {
        return Some(Reason::LENGTH_MISMATCH);
    }
    let right = upload.content_type.eq_ignore_ascii_case(ticket.content_type.as_str());
    (!right).then_some(Reason::TYPE_MISMATCH)
}

async fn judge(
    app: &App,
    picture: Picture,
    contents: Vec<Content>,
    frames: &[Bytes],
    trace: &TraceContext,
) -> Result<Finding, Hindrance> {
    let finding = |to, model, severities| {
        let check = Check { to, picture: Some(picture.clone()), model, severities };
        Finding::made(check, contents)
    };
    let not_checked = Decision::Review(Reason::NOT_CHECKED);
    match app.known_images.is_known(&picture.hashes).await {
        Ok(false) => {}
        Ok(true) => return Ok(finding(Decision::Reject(Reason::KNOWN_IMAGE), None, None)),
        Err(error) => {
            let why = format!("comparing with known images: {error}");
            let instead = finding(not_checked, None, None);
            return Err(Hindrance::after_decoding(why, None, instead));
        }
    }
    match analyse(app, frames, trace).await {
        Ok(analyses) => {
            let severities = analyses.worst();
            let to = decision(app.bands.judge(&severities));
            let mut found = finding(to, analyses.model, Some(severities));
            if let Some(picture) = &mut found.check.picture {
                judge_each(app, picture, &analyses.each);
            }
            Ok(found)
        }
        Err(Failure::Unavailable { reason, retry_after }) => {
            let why = format!("asking Content Safety: {reason}");
            let instead = finding(not_checked, None, None);
            Err(Hindrance::after_decoding(why, retry_after, instead))
        }
        // It would refuse the picture again.
        Err(error @ Failure::Refused { .. }) => {
            tracing::warn!(%error, "a picture goes to a person unchecked");
            Ok(finding(not_checked, None, None))
        }
    }
}

/// What Content Safety says of each file that it was shown, and which model said so.
struct Analyses {
    each: Vec<Severities>,
    model: Option<String>,
}

impl Analyses {
    /// Without frames nothing was looked at.
    fn worst(&self) -> Severities {
        self.each.iter().fold(Severities::default(), Severities::worst)
    }
}

async fn analyse(app: &App, frames: &[Bytes], trace: &TraceContext) -> Result<Analyses, Failure> {
    let mut analyses = Analyses { each: Vec::new(), model: None };
    let began = Instant::now();
    for frame in frames {
        if began.elapsed() > MAX_ANALYSIS {
            let reason = format!("{} frames took too long", frames.len());
            return Err(Failure::Unavailable { reason, retry_after: None });
        }
        let analysis = app.content_safety.analyze(frame.clone(), trace).await?;
        analyses.each.push(analysis.severities);
        analyses.model = Some(analysis.model);
    }
    Ok(analyses)
}

/// Notes what each frame is by itself. A transparent picture is shown twice, the second time over black, which is not
/// what its hash is of.
fn judge_each(app: &App, picture: &mut Picture, analyses: &[Severities]) {
    let over_black = analyses.len().saturating_sub(picture.hashes.len());
    let of_hashes = analyses.iter().take(1).chain(analyses.iter().skip(1 + over_black));
    for (hash, severities) in picture.hashes.iter_mut().zip(of_hashes) {
        hash.alone = Some(app.bands.judge(severities).into());
    }
}

fn decision(verdict: Verdict) -> Decision {
    match verdict {
        Verdict::Approve => Decision::Approve,
        Verdict::Review(category) => Decision::Review(Reason::content(category)),
        Verdict::Reject(category) => Decision::Reject(Reason::content(category)),
    }
}
