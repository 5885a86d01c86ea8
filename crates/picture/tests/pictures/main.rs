//! `picture` as its users see it: with a decoding process of its own for every picture.

#![allow(clippy::unwrap_used, clippy::cast_possible_truncation, reason = "a test may fail loudly")]

mod bombs;
mod chunks;
mod corpus;
mod damage;
mod formats;
mod isolation;
mod metadata;
mod polyglots;

use picture::{Failed, Inspected, Inspector, Limits, Refusal};

const WORKER: &str = env!("CARGO_BIN_EXE_picture-worker");

async fn within(limits: &Limits, file: &[u8], declared_type: &str) -> Result<Inspected, Refusal> {
    match Inspector::with_program(WORKER).inspect(file.to_vec().into(), declared_type, limits).await
    {
        Ok(inspected) => Ok(inspected),
        Err(Failed::Refused(refusal)) => {
            assert!(Refusal::CODES.contains(&refusal.code), "{refusal:?}");
            Err(refusal)
        }
        Err(Failed::Broken(why) | Failed::Stopped(why)) => {
            panic!("a picture broke its caller: {why}")
        }
    }
}

async fn inspect(file: &[u8], declared_type: &str) -> Result<Inspected, Refusal> {
    within(&Limits::default(), file, declared_type).await
}

/// The code of the refusal of what must be refused.
async fn refused(file: &[u8], declared_type: &str) -> &'static str {
    match inspect(file, declared_type).await {
        Ok(_) => panic!("it was taken"),
        Err(refusal) => refusal.code,
    }
}
