"""Sends scripts and styles compressed: on a phone between visits every kilobyte counts.

Pages themselves are not compressed: they hold a secret (the CSRF token) beside what users typed.
"""

from __future__ import annotations

import gzip
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, request

SUFFIXES = (".js", ".css", ".svg")
SMALLEST = 1024


def set_up_compression(app: Flask) -> None:
    """Compress static texts once per file and process."""
    folder = Path(app.static_folder or "")

    @app.after_request
    def compress(response: Response) -> Response:
        if request.endpoint != "static" or response.status_code != 200:
            return response
        name = (request.view_args or {}).get("filename", "")
        if not name.endswith(SUFFIXES):
            return response
        response.vary.add("Accept-Encoding")
        if not request.accept_encodings.quality("gzip"):
            return response
        path = folder / name
        if path.stat().st_size < SMALLEST:
            return response
        packed = _packed(path, path.stat().st_mtime_ns)
        response.close()  # the file that would have been sent as it is
        response.direct_passthrough = False
        response.response = [packed]
        response.headers["Content-Encoding"] = "gzip"
        response.headers["Content-Length"] = str(len(packed))
        response.headers.pop("ETag", None)
        return response


@lru_cache(maxsize=64)
def _packed(path: Path, changed: int) -> bytes:
    return gzip.compress(path.read_bytes(), compresslevel=9, mtime=0)
