#!/usr/bin/env bash
# Resolve requirements*.in into requirements*.txt, every file pinned by hash.
# pip's own configuration on this machine is left out, so that no local index or folder leaks in.
# Best run with the oldest Python that is supported: newer ones may pick what it cannot install.
# usage: scripts/lock.sh VENV [pip-compile arguments, e.g. --upgrade-package flask]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

venv=$1
shift
unset PIP_FIND_LINKS PIP_INDEX_URL PIP_EXTRA_INDEX_URL
export PIP_CONFIG_FILE=/dev/null CUSTOM_COMPILE_COMMAND="make lock"

for name in requirements requirements-dev requirements-bench; do
    "$venv/bin/python" -m piptools compile --quiet --generate-hashes --allow-unsafe --strip-extras \
        --no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
        --output-file "$name.txt" "$name.in" "$@"
done

if grep -nE '(-index-url|-find-links|[a-z]+://)' requirements.txt requirements-dev.txt requirements-bench.txt; then
    echo "An address got into a lock file; see the lines above." >&2
    exit 1
fi
