#!/usr/bin/env bash
# Print the first Python on this machine that is new enough and can make an environment.
# A pyenv shim may exist for a version that is not active, so each candidate is run, not just found.
# PYTHON=/path/to/python3 overrides the search.
set -u
for candidate in ${PYTHON:-} python3.13 python3.12 python3.11 python3; do
    found=$(command -v "$candidate" 2>/dev/null) || continue
    if real=$("$found" -c '
import sys, venv, ensurepip
assert sys.version_info >= (3, 11)
print(sys.executable)' 2>/dev/null); then
        printf '%s\n' "$real"
        exit 0
    fi
done
exit 1
