#!/usr/bin/env bash
# Make or refresh a virtual environment from hash-pinned requirement files.
# usage: scripts/environment.sh DIRECTORY REQUIREMENTS.txt [MORE.txt ...]
# Does nothing when the environment was already made from these very files.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

venv=$1
shift

stamp_of() { # the files' names and contents, the project file, and this script
    sha256sum "$@" pyproject.toml scripts/environment.sh | sha256sum | cut -c1-16
}

# An environment with the development tools also serves for running, as long as its lock is current.
for wanted in "$*" "requirements.txt requirements-dev.txt"; do
    # shellcheck disable=SC2086  # the list is split on purpose
    if [ -f "$venv/.made-from-$(stamp_of $wanted)" ] && "$venv/bin/python" -c '' 2>/dev/null &&
        [[ " $wanted " == *" ${*: -1} "* ]]; then
        exit 0
    fi
done

exec 9>"${venv%/}.lock"
flock 9
stamp="$venv/.made-from-$(stamp_of "$@")"
[ -f "$stamp" ] && exit 0

if ! "$venv/bin/python" -c 'import sys; assert sys.version_info >= (3, 11)' 2>/dev/null; then
    python=$(scripts/find_python.sh) || {
        cat >&2 <<'MESSAGE'
No Python 3.11 or newer that can make a virtual environment was found.
On Debian or Ubuntu: sudo apt-get install python3 python3-venv
Or name one: make demo PYTHON=/path/to/python3
MESSAGE
        exit 1
    }
    echo "Making $venv with $("$python" --version) ..."
    rm -rf "$venv"
    "$python" -m venv "$venv"
fi

arguments=()
for file in "$@"; do arguments+=(-r "$file"); done
echo "Installing from ${*} ..."
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes \
    --only-binary :all: "${arguments[@]}"
# The project itself, editable. Its build needs setuptools, which the lock provides, so that
# nothing unpinned is fetched for it.
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps \
    --no-build-isolation --no-index --editable .
rm -f "$venv"/.made-from-*
touch "$stamp"
