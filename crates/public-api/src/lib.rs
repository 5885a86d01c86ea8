//! What every public API of ours has besides its own subject, so that all answer alike.
//!
//! - [`problems`]: what can go wrong in any app, as problem documents.
//! - [`versions`]: entity tags, `If-Match`, and merge patches over what clients see.
//! - [`lists`]: pages, and continuations that a client can neither read nor forge.
//! - [`idempotency`]: requests that may be repeated.
//! - [`health`]: the `live` and `ready` probes.
//! - [`contract_functions!`] and [`WithContract`]: the functions that every app has, in one call.
//! - [`Caller`]: who calls, as API Management checked it.
//! - [`Ownership`]: whether that caller may touch what belongs to a profile.
//!
//! `openapi.yaml` beside this crate has the same parts for contracts; an app's contract refers to them.
//!
//! A function that reads one thing and another that lists them:
//!
//! ```
//! use azure_data::{Container, Query};
//! use custom_handler::{Problem, Request, Response, problem_kinds};
//! use public_api::lists::{Continuation, Page};
//! use public_api::versions::{self, Versioned};
//! use public_api::problems;
//! use serde::{Deserialize, Serialize};
//! use values::Revision;
//!
//! problem_kinds! {
//!     const NO_SUCH_CAKE = NotFound, "no-such-cake", "There is no such cake";
//! }
//!
//! #[derive(Serialize, Deserialize)]
//! struct Cake { id: String, revision: Revision }
//!
//! impl Versioned for Cake {
//!     fn revision(&self) -> Revision { self.revision }
//! }
//!
//! struct App { cakes: Container, continuation: Continuation }
//!
//! /// GET cakes/v1/cakes/{cakeId}: 304 if `If-None-Match` names the current version.
//! async fn cake(app: &App, request: Request) -> Result<Response, Problem> {
//!     let id: String = request.param("cakeId")?;
//!     let known = request.if_none_match()?;
//!     let cake = app.cakes.read::<Cake>(&id, &id).await.map_err(problems::unavailable)?;
//!     let cake = cake.ok_or_else(|| Problem::of(&NO_SUCH_CAKE).detail("GET cakes/v1/cakes lists what there is"))?;
//!     Ok(versions::unless_known(&cake.value, known))
//! }
//!
//! /// GET cakes/v1/cakes: in the order of their ids.
//! async fn cakes(app: &App, request: Request) -> Result<Response, Problem> {
//!     let page = Page::of(&app.continuation, "cakes", request.query()?)?;
//!     let query = Query::from("SELECT * FROM c WHERE c.id > @after ORDER BY c.id")
//!         .with_parameter("@after", page.after.as_deref().unwrap_or_default())
//!         .map_err(Problem::internal)?;
//!     let cakes = app.cakes.query(query, page.fetch()).await.map_err(problems::unavailable)?;
//!     page.answer(&app.continuation, cakes, |cake: &Cake| cake.id.clone())
//! }
//! ```

mod caller;
mod contract;
pub mod health;
pub mod idempotency;
pub mod lists;
mod ownership;
pub mod problems;
pub mod versions;

pub use caller::{CALLER_HEADER, Caller, CallerId};
pub use contract::{ContractFunctions, HealthChecks, WithContract};
pub use ownership::{NoCaller, Ownership, PROFILE_OWNERS};
