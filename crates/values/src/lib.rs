//! Values that every app's domain may use. Nothing here knows Azure, HTTP or the Functions host.
//!
//! - [`id!`]: the names of things, UUIDs with one spelling.
//! - [`Revision`]: counts the changes of a thing.
//! - [`ServiceId`]: a service of the catalogue, which several apps name.
//! - [`Line`]: one line of text written by a person.
//! - [`Fields`] and [`Violations`]: read a JSON object and tell everything that is wrong with it at once.
//! - [`Clock`]: now, in whole milliseconds; in tests and on a laptop it can travel in time.
//! - [`TraceOrigin`]: where in a distributed trace something began.
//! - [`moment`]: times as texts that sort as the times do.
//!
//! A body with two mistakes, both told:
//!
//! ```
//! use values::{Fields, Line, Revision, Violations};
//!
//! values::id! {
//!     /// An order, for ever (UUIDv7).
//!     pub OrderId, "must be a UUID in small letters, as in the order's `id`"
//! }
//!
//! struct Order { for_profile: OrderId, note: Option<Line<200>>, revision: Revision }
//!
//! fn order(body: &serde_json::Value) -> Result<Order, Violations> {
//!     let mut fields = Fields::of(body)?;
//!     let for_profile = fields.text("orderId", str::parse::<OrderId>);
//!     let note = fields.optional_text("note", Line::parse);
//!     fields.finish()?;
//!     Ok(Order { for_profile: for_profile?, note: note?, revision: Revision::FIRST })
//! }
//!
//! let wrong = serde_json::json!({"orderId": "7", "note": "two\nlines"});
//! let violations = order(&wrong).err().unwrap();
//! let pointers: Vec<&str> = violations.iter().map(|violation| &*violation.pointer).collect();
//! assert_eq!(pointers, ["/orderId", "/note"]);
//! ```

mod clock;
mod fields;
mod id;
mod line;
pub mod moment;
mod revision;
mod service_id;
mod trace_origin;
mod violations;

pub use clock::{Clock, ClockError};
pub use fields::Fields;
pub use line::Line;
pub use revision::{InvalidRevision, Revision};
pub use service_id::ServiceId;
pub use trace_origin::TraceOrigin;
pub use violations::{Refused, Violation, Violations};

/// What [`id!`] expands to needs these; not for anybody else.
#[doc(hidden)]
pub mod reexported {
    pub use jiff::Timestamp;
    pub use serde;
    pub use uuid::Uuid;

    #[must_use]
    pub fn is_younger_than(id: Uuid, age: std::time::Duration, now: Timestamp) -> bool {
        let made = id.get_timestamp().filter(|_| id.get_version_num() == 7);
        let Some((seconds, nanoseconds)) = made.map(|made| made.to_unix()) else { return false };
        let made = i128::from(seconds) * 1_000_000_000 + i128::from(nanoseconds);
        let age = i128::try_from(age.as_nanos()).unwrap_or(i128::MAX);
        now.as_nanosecond() - made < age
    }
}
