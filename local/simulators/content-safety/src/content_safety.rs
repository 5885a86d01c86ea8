//! The service that is simulated: what it answers and shows.

use crate::{
    Faults, Judged, Measure, api,
    api::{ImageRequest, Refused},
    judged::LastJudged,
    page, picture,
};
use serde_json::{Value, json};
use simulator_shell::{
    HangUp, Method, Refusal, Reply, Request, Section, Simulator, StatusCode, reply,
};

/// Azure AI Content Safety, as far as it is simulated.
#[derive(Debug)]
pub(crate) struct ContentSafety {
    key: Option<String>,
    judged: LastJudged,
}

impl ContentSafety {
    pub(crate) fn new(key: Option<String>) -> Self {
        Self { key, judged: LastJudged::default() }
    }

    /// The last pictures it judged, the newest first.
    pub(crate) fn judged(&self) -> Vec<Judged> {
        self.judged.all()
    }

    async fn analyze(&self, request: Request, faults: Faults) -> Result<Reply, Refused> {
        if let Some(wrong) = faults.wrong {
            return Ok(api::spoiled(wrong));
        }
        api::admitted(&request.headers, &request.uri, self.key.as_deref())?;
        // Decoding takes its time, and the other connections theirs.
        let judged = tokio::task::spawn_blocking(move || judge(&request.body, &faults)).await;
        let (judged, reply) = judged.unwrap_or_else(|error| {
            tracing::error!(%error, "judging a picture");
            Err(Refused::of_the_shell(&Refusal::InternalError))
        })?;
        self.judged.push(judged);
        Ok(reply)
    }
}

impl Simulator for ContentSafety {
    type Faults = Faults;
    const NAME: &'static str = "content-safety";
    const TITLE: &'static str = "Content Safety";
    const ABOUT: &'static str = "It counts pixels of certain colours. It knows nothing about people, and its verdicts \
                                 mean nothing outside tests.";
    /// The largest picture in base64, and the JSON around it.
    const MAX_BODY_BYTES: usize = picture::MAX_PICTURE_BYTES / 3 * 4 + (64 << 10);

    async fn api(&self, request: Request, faults: Faults) -> Result<Reply, HangUp> {
        Ok(self.analyze(request, faults).await.unwrap_or_else(Reply::from))
    }

    async fn control(&self, request: &Request) -> Option<Reply> {
        match (&request.method, request.path()) {
            (&Method::POST, api::PATH) => None,
            (&Method::GET, "/judged") => {
                Some(reply::json(StatusCode::OK, &json!({ "judged": self.judged() })))
            }
            _ => Some(Refused::not_found().into()),
        }
    }

    async fn sections(&self, _query: &str) -> Vec<Section> {
        vec![page::last_judged(self.judged())]
    }

    fn refuse(&self, refusal: &Refusal) -> Reply {
        refusal.with_retry_after(Refused::of_the_shell(refusal).into())
    }

    fn detail(&self, request: &Request) -> Value {
        json!({
            "withKey": request.headers.contains_key(api::KEY_HEADER),
            "withToken": api::has_token(&request.headers),
        })
    }
}

fn judge(body: &[u8], faults: &Faults) -> Result<(Judged, Reply), Refused> {
    let request = ImageRequest::read(body)?;
    let picture = picture::decode(&request.content)?;
    let measure = Measure::of(&picture.pixels);
    let severities = faults.answer.unwrap_or_else(|| measure.severities());
    let judged = Judged {
        format: picture.format,
        bytes: request.content.len(),
        width: picture.pixels.width(),
        height: picture.pixels.height(),
        measure,
        severities,
        fixed: faults.answer.is_some(),
    };
    Ok((judged, api::answered(severities, &request.categories)))
}
