"""The pages that are written from the code say what the code says now."""

from __future__ import annotations

from engine.definitions.checks.support import CONSTRUCTS, KIND_NAMES
from engine.definitions.connectors import KNOWN_CONNECTORS
from scripts import reference


def test_generated_pages_are_up_to_date() -> None:
    assert reference.outdated() == [], "run: python -m scripts.reference"


def test_every_construct_is_on_the_page() -> None:
    page = reference.supported_bpmn()
    assert [row.kind for row in CONSTRUCTS if KIND_NAMES[row.kind] not in page] == []
    assert [row.remedy for row in CONSTRUCTS if row.remedy not in page] == []


def test_every_connector_is_on_the_page() -> None:
    page = reference.connectors()
    assert [name for name in KNOWN_CONNECTORS if f"`{name}`" not in page] == []
