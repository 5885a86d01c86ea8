//! Writes made-up invoices and credit notes as UBL into a folder, the same ones for the same seed: `made_up FOLDER COUNT
//! SEED`. `checks/invoices` holds them against the rules of EN 16931.
#![allow(clippy::unwrap_used, reason = "what is made up is valid, or the program may fail loudly")]

#[path = "../tests/generated/mod.rs"]
mod generated;

use invoice::ubl;
use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use std::{env, error::Error, fs, path::PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let mut next = || arguments.next().ok_or("usage: made_up FOLDER COUNT SEED");
    let folder = PathBuf::from(next()?);
    let count: usize = next()?.parse()?;
    let seed: u64 = next()?.parse()?;
    fs::create_dir_all(&folder)?;

    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let random = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(Config::default(), random);
    let families = generated::family(generated::WRITABLE.to_vec());
    let mut written = 0;
    while written < count {
        let family = families.new_tree(&mut runner).map_err(|e| e.message().to_owned())?.current();
        for document in family.iter().take(count - written) {
            fs::write(folder.join(format!("{written:05}.xml")), ubl::write(document)?)?;
            written += 1;
        }
    }
    Ok(())
}
