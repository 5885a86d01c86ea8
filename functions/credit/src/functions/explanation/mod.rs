//! `credit/v1/assessments/{assessmentId}/explanation`

use super::assessment::{find, id, partner};
use crate::app::App;
use crate::domain::{Outcome, Phase};
use crate::explaining;
use crate::problems;
use custom_handler::{Function, HeaderName, Problem, Request, Response, function};
use scorecard::Language;

pub(crate) const FUNCTION: Function = function!();

const CONTENT_LANGUAGE: HeaderName = HeaderName::from_static("content-language");
const VARY: HeaderName = HeaderName::from_static("vary");

/// GET: the points of each characteristic, what cost most, and what would change it, in the language that
/// `Accept-Language` asks for. Made anew of the bins and the scorecard's version, so it is the same for ever.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let assessment = find(app, &partner(&request)?, id(&request)?).await?;
    let Phase::Ended { outcome: Outcome::Scored { result }, .. } = &assessment.phase else {
        return Err(problems::not_scored(crate::views::state(&assessment.phase)));
    };
    let language = Language::preferred(request.header("accept-language").unwrap_or_default());
    let explanation = explaining::explain(result, language).map_err(problems::unexplained)?;
    let answer = Response::ok(&explanation).cache_control("no-store");
    Ok(answer.header(CONTENT_LANGUAGE, language.tag()).header(VARY, "Accept-Language"))
}
