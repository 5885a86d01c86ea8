#!/usr/bin/env bash
# Known flaws in the crates we stand on: RustSec's list against Cargo.lock.
set -euo pipefail
cd "$(dirname "$0")/../.."
command -v cargo-audit >/dev/null || cargo install --locked cargo-audit
cargo audit --deny warnings
