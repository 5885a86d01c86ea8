#!/usr/bin/env bash
# The random tests, each time with another seed: new-seeds.sh MINUTES. A failure prints the seed that repeats it.
set -euo pipefail
cd "$(dirname "$0")/../.."
minutes=$1
ends=$((SECONDS + minutes * 60))
rounds=0
while [ "$SECONDS" -lt "$ends" ]; do
  seed=$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')
  echo "IOMMI_SEED=$seed"
  IOMMI_SEED=$seed cargo test --workspace --locked --quiet || { echo "failed with IOMMI_SEED=$seed" >&2; exit 1; }
  rounds=$((rounds + 1))
done
echo "$rounds rounds, each with another seed"
