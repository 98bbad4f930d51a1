#!/usr/bin/env bash
# Print the path of a Chromium for the browser tests, after installing one if there is none.
# Order: $CHROMIUM, a Chromium or Chrome on this machine, Debian's package (as root or with
# password-free sudo), Playwright's own download.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

installed() {
    local candidate found
    for candidate in "${CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable; do
        [ -n "$candidate" ] || continue
        if found=$(command -v "$candidate"); then
            printf '%s\n' "$found"
            return 0
        fi
    done
    playwright_chromium
}

playwright_chromium() { # the browser that Playwright downloaded, if it did
    [ -x .venv/bin/python ] || return 1
    .venv/bin/python - 2>/dev/null <<'PYTHON'
import os, sys
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    path = playwright.chromium.executable_path
print(path)
sys.exit(not os.access(path, os.X_OK))
PYTHON
}

if installed; then exit 0; fi

root=()
[ "$(id -u)" -eq 0 ] || root=(sudo -n)
if command -v apt-get >/dev/null && "${root[@]}" true 2>/dev/null; then
    echo "Installing Chromium for the browser tests ..." >&2
    "${root[@]}" apt-get update -qq >&2
    DEBIAN_FRONTEND=noninteractive "${root[@]}" apt-get install -y -qq --no-install-recommends \
        chromium >&2
elif [ -x .venv/bin/playwright ]; then
    .venv/bin/playwright install chromium >&2
fi

installed || {
    echo "No Chromium was found or could be installed. Install one, or set CHROMIUM=/path." >&2
    exit 1
}
