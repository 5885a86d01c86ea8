#!/usr/bin/env bash
# The toolchain that the workspace asks for, and the target of packages.
set -euo pipefail
cd "$(dirname "$0")/../.."
version=$(sed -n 's/^rust-version = "\(.*\)"$/\1/p' Cargo.toml)
rustup toolchain install "$version" --profile minimal --component clippy,rustfmt --target x86_64-unknown-linux-musl
rustup override set "$version"
