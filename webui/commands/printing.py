"""What commands print: one JSON document, or lines for people."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import click

from engine.definitions.model import Finding

as_json = click.option("--json", "json_output", is_flag=True, help="Print one JSON document.")


def print_json(document: Any) -> None:
    """Print one JSON document on standard output."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2, default=str))


def print_findings(findings: Iterable[Finding]) -> None:
    """Print findings for people, each with its place and mend."""
    for found in findings:
        place = f"{found.file}:{found.line}" if found.line else found.file
        name = f" {found.element_name!r}" if found.element_name else ""
        element = f" ({found.element_id}{name})" if found.element_id else ""
        click.echo(f"{place}: {found.level} {found.rule}{element}")
        click.echo(f"    {found.message}")
        if found.remedy:
            click.echo(f"    → {found.remedy}")


def has_errors(findings: Iterable[Finding]) -> bool:
    """Whether one of them is an error; warnings alone do not stop anybody."""
    return any(found.level == "error" for found in findings)
