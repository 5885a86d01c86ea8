//! What a picture of an invoice costs: CPU time of each sample, and the most memory up to then. Ends with an error if the bytes
//! of one are not those that the tests hold a debug build to.

use std::{
    collections::BTreeMap,
    io::{Write, stdout},
};

use samples::Failed;

#[path = "../../crates/invoice-pdf/samples/mod.rs"]
mod samples;

const GOLDEN: &str = include_str!("../../crates/invoice-pdf/samples/golden.json");
const ROUNDS: u32 = 200;

fn main() -> Result<(), Failed> {
    let fonts = samples::fonts()?;
    let golden: BTreeMap<String, String> = serde_json::from_str(GOLDEN)?;
    let only = std::env::args().nth(1);
    for (name, invoice) in samples::all()? {
        if only.as_ref().is_some_and(|only| *only != name) {
            continue;
        }
        let before = cpu_nanoseconds()?;
        let pdf = samples::picture(&invoice, &fonts)?;
        let first = cpu_nanoseconds()? - before;
        if golden.get(&name) != Some(&samples::sha256(&pdf)) {
            return Err(format!("{name}: not the bytes of samples/golden.json").into());
        }
        let before = cpu_nanoseconds()?;
        for _ in 0..ROUNDS {
            samples::picture(&invoice, &fonts)?;
        }
        let each = (cpu_nanoseconds()? - before) / u64::from(ROUNDS);
        let (first, each) = (first as f64 / 1e6, each as f64 / 1e6);
        let bytes = pdf.len();
        let peak = peak()?;
        writeln!(
            stdout(),
            "{name}: {each:.2} ms (the first {first:.2} ms), {bytes} bytes, {peak}"
        )?;
    }
    Ok(())
}

/// What this process has worked, as Linux counts it: other work on the machine does not count.
fn cpu_nanoseconds() -> Result<u64, Failed> {
    let counted = std::fs::read_to_string("/proc/self/schedstat")?;
    Ok(counted.split_whitespace().next().ok_or("no time in schedstat")?.parse()?)
}

/// The most memory that this process had.
fn peak() -> Result<String, Failed> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
    Ok(format!("peak {}", line.trim()))
}
