"""Element templates: the building blocks that a modeller offers, found as Camunda Modeler does.

It takes them from a folder ``.camunda/element-templates`` beside a diagram or above it; so do we.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from engine.definitions.model import Finding
from engine.definitions.reporting import Place, Reporter
from engine.definitions.template_reading import Template, read_templates

FOLDER: Final = Path(".camunda", "element-templates")
"""Where Camunda Modeler looks, beside a diagram and in every folder above it."""

MAX_BYTES: Final = 1024 * 1024


@dataclass(frozen=True)
class Templates:
    """The templates of a folder, and what is wrong in its files."""

    all: tuple[Template, ...] = ()
    findings: tuple[Finding, ...] = field(default=(), compare=False)

    @cached_property
    def by_id(self) -> Mapping[str, Mapping[int | None, Template]]:
        """Every template by its id and version."""
        found: dict[str, dict[int | None, Template]] = {}
        for template in self.all:
            found.setdefault(template.id, {}).setdefault(template.version, template)
        return found


def templates_around(path: Path) -> Templates | None:
    """The templates that a modeller offers for what stands at a path; None where there are none."""
    folders = _folders(path)
    return read_folders(folders) if folders else None


def template_documents(path: Path) -> list[Mapping[str, Any]]:
    """The same templates as they are written, for a modeller that takes JSON."""
    found: list[Mapping[str, Any]] = []
    for folder in _folders(path):
        for file in sorted(folder.glob("*.json")):
            report = Reporter(file.name)
            content = file.read_bytes() if file.stat().st_size <= MAX_BYTES else b""
            if list(read_templates(content, report)) and not report.findings:
                data = json.loads(content)
                found.extend(data if isinstance(data, list) else [data])
    return found


def _folders(path: Path) -> list[Path]:
    place = path.resolve()
    return [above / FOLDER for above in (place, *place.parents) if (above / FOLDER).is_dir()]


def read_folders(folders: Iterable[Path]) -> Templates:
    """The templates in some folders; of two with one id and version the first counts."""
    templates: list[Template] = []
    findings: list[Finding] = []
    seen: dict[tuple[str, int | None], str] = {}
    for folder in folders:
        for path in sorted(folder.glob("*.json")):
            report = Reporter((FOLDER / path.name).as_posix())
            content = path.read_bytes() if path.stat().st_size <= MAX_BYTES else b""
            for template in read_templates(content, report):
                other = seen.setdefault((template.id, template.version), report.file)
                if other != report.file:
                    report.error(
                        "template-duplicate",
                        Place(template.id, template.name),
                        f"Het sjabloon ‘{template.id}’ staat met deze versie ook in {other}.",
                        "Geef een van de twee een andere id of een hogere versie.",
                    )
                templates.append(template)
            findings.extend(report.findings)
    return Templates(tuple(templates), tuple(findings))
