//! Puts the contract together (crates/contract-page).
fn main() -> std::process::ExitCode {
    contract_page::build()
}
