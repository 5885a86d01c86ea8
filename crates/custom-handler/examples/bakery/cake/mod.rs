//! `v1/cakes/{name}`: the cake in the oven.

use custom_handler::{
    EntityTag, Function, Patch, Problem, Request, Response, function, problem_kinds,
};
use serde::{Deserialize, Serialize};

use super::Bakery;

pub(crate) const FUNCTION: Function = function!();

problem_kinds! {
    const TOO_HOT = UnprocessableContent, "too-hot", "The oven does not do that";
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct Cake {
    pub(crate) degrees: u16,
    pub(crate) glaze: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    #[serde(default)]
    degrees: Patch<u16>,
    #[serde(default)]
    glaze: Patch<String>,
}

impl Cake {
    fn version(&self) -> Result<EntityTag, Problem> {
        EntityTag::strong(format!("{}-{}", self.degrees, self.glaze.as_deref().unwrap_or_default()))
            .map_err(Problem::internal)
    }
}

pub(crate) async fn get(bakery: &Bakery, request: Request) -> Result<Response, Problem> {
    let name: String = request.param("name")?;
    let cake = bakery.oven.lock().map_err(Problem::internal)?.clone();
    if name == "crash" {
        panic!("the oven is on fire");
    }
    Ok(Response::ok(&serde_json::json!({ "name": name, "motto": bakery.motto, "cake": cake }))
        .etag(cake.version()?))
}

pub(crate) async fn patch(bakery: &Bakery, request: Request) -> Result<Response, Problem> {
    let expected = request.if_match()?;
    let change: Change = request.merge_patch()?.read()?;
    let mut cake = bakery.oven.lock().map_err(Problem::internal)?;
    expected.check(&cake.version()?)?;
    match change.degrees {
        Patch::Absent => {}
        Patch::Value(degrees) if degrees <= 300 => cake.degrees = degrees,
        Patch::Value(_) | Patch::Null => {
            return Err(Problem::of(&TOO_HOT).pointer("/degrees", "must be a number up to 300"));
        }
    }
    change.glaze.apply_to(&mut cake.glaze);
    Ok(Response::ok(&*cake).etag(cake.version()?))
}
