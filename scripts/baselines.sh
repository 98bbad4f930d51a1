#!/usr/bin/env bash
# Install the engines that measurements run beside ours into .bench, apart from the product.
# usage: scripts/baselines.sh VENV
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
stamp=".bench/.made-from-$(sha256sum requirements-bench.txt | cut -c1-16)"
[ -f "$stamp" ] && exit 0
rm -rf .bench
"$1/bin/python" -m pip install --quiet --no-deps --require-hashes --only-binary :all: \
    --disable-pip-version-check --target .bench -r requirements-bench.txt
touch "$stamp"
