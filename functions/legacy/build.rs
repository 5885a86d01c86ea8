//! Makes what `openapi.yaml` and `docs` answer out of the contract, so that the handler need not read YAML.

fn main() -> std::process::ExitCode {
    contract_page::build()
}
