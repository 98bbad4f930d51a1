#!/usr/bin/env bash
# Print the path of a Chromium for the browser tests, after installing what they lack.
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
    downloaded
}

downloaded() { # the browser that Playwright downloaded, if it did
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

driver_runs() { # Playwright's driver needs libatomic, which a bare Debian lacks
    local driver
    for driver in .venv/lib/python*/site-packages/playwright/driver/node; do
        [ ! -x "$driver" ] || "$driver" --version >/dev/null 2>&1
    done
}

packages=()
installed >/dev/null || packages+=(chromium)
driver_runs || packages+=(libatomic1)

if [ ${#packages[@]} -gt 0 ]; then
    root=()
    [ "$(id -u)" -eq 0 ] || root=(sudo -n)
    if command -v apt-get >/dev/null && "${root[@]}" true 2>/dev/null; then
        echo "Installing ${packages[*]} for the browser tests ..." >&2
        "${root[@]}" apt-get update -qq >&2
        "${root[@]}" env DEBIAN_FRONTEND=noninteractive \
            apt-get install -y -qq --no-install-recommends "${packages[@]}" >&2
    elif [ -x .venv/bin/playwright ]; then
        .venv/bin/playwright install chromium >&2 || true
    fi
fi

if ! installed || ! driver_runs; then
    echo "The browser tests need a Chromium and libatomic; on Debian, as root:" >&2
    echo "  apt-get install chromium libatomic1" >&2
    echo "Or set CHROMIUM=/path/to/chromium." >&2
    exit 1
fi
