"""The prebuilt browser files are those of the manifest, byte for byte."""

from __future__ import annotations

from scripts import vendor


def test_files_match_their_checksums_and_nothing_else_is_there() -> None:
    assert vendor.problems() == []


def test_watermarks_are_not_hidden_by_our_styles() -> None:
    styles = (vendor.VENDOR.parent / "app").glob("*.css")

    for style in styles:
        for block in style.read_text(encoding="utf-8").split("}"):
            if "powered-by" in block or "bjs-" in block:
                assert "display: none" not in block
                assert "opacity" not in block
