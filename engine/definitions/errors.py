"""What can go wrong when definitions are read, packed or published. Messages are Dutch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from engine.errors import KetenspoorError

if TYPE_CHECKING:
    from engine.definitions.model import Finding


class DefinitionError(KetenspoorError):
    """Base of every error of this room."""

    code = "definition"


class XmlRefused(DefinitionError):
    """The file is unsafe (document type, entity, encoding) or too large; it was not parsed."""

    code = "xml-refused"


class XmlMalformed(DefinitionError):
    """The file is not well-formed XML."""

    code = "xml-malformed"


class NotBpmn(DefinitionError):
    """The file is XML, but not a BPMN 2.0 model."""

    code = "not-bpmn"


class PackageUnreadable(DefinitionError):
    """There is no package at this path, or it is unsafe to unpack."""

    code = "package-unreadable"


class PackageNotSound(DefinitionError):
    """The package has errors, so it is not published. ``findings`` carries all of them."""

    code = "package-not-sound"

    def __init__(self, message: str, remedy: str, findings: Sequence[Finding]) -> None:
        super().__init__(message, remedy)
        self.findings = tuple(findings)


class UnknownVersion(DefinitionError):
    """No published version has this content hash."""

    code = "unknown-version"


class UnknownDecision(DefinitionError):
    """The package holds no decision with this id."""

    code = "unknown-decision"
