//! A stranger's picture: checked, decoded in a process of its own, and made anew from its pixels.
//!
//! [`inspect`] takes the bytes of an upload and what its sender says they are. It answers with new
//! pictures that hold nothing of the old file but its pixels, or with a [`Refusal`] whose code is
//! stable. Whatever the bytes are, it returns: the work is done by a child process that has no
//! environment, opens no file, and has a limit on its memory and processor time.
//!
//! ```no_run
//! # async fn example(upload: bytes::Bytes) {
//! match picture::inspect(upload, "image/jpeg", &picture::Limits::default()).await {
//!     Ok(picture) => println!("{} x {}", picture.width, picture.height),
//!     Err(picture::Failed::Refused(refusal)) => println!("{}: {}", refusal.code, refusal.detail),
//!     Err(failed) => println!("try again: {failed}"),
//! }
//! # }
//! ```
//!
//! The child is the same program started again, so a program that uses this crate calls
//! [`worker::run_if_asked`] before anything else in its `main`.

mod decode;
mod format;
#[cfg(test)]
mod hostile;
mod inspected;
mod inspector;
mod limits;
mod make;
mod pdq;
mod pixels;
mod refusal;
mod structure;
mod wire;
pub mod worker;

pub use format::Format;
pub use inspected::{Encoded, FrameHash, Inspected};
pub use inspector::{Inspector, inspect};
pub use limits::Limits;
pub use pdq::{MATCH_DISTANCE, MIN_QUALITY, hamming};
pub use refusal::{Failed, Refusal};
