"""When several tokens become one: quantities of activities, and conditions of complex gateways."""

from __future__ import annotations

import re
from typing import Final

from engine.definitions.expressions import as_feel
from engine.definitions.model import ACTIVITIES, Kind
from engine.definitions.reading.xml import Node, child, place_of, tag_of, text_of
from engine.definitions.reporting import Place, Reporter, label

KINDS: Final = {kind.value: kind for kind in Kind}
_QUANTITY: Final = re.compile(r"[1-9]\d{0,2}", re.ASCII)
_QUANTITIES: Final = ("startQuantity", "completionQuantity")


def quantity(node: Node, name: str) -> int:
    """How many tokens; one where no number of one or more is written, which is reported."""
    text = node.get(name, "1").strip()
    counts = KINDS.get(tag_of(node)) in ACTIVITIES and _QUANTITY.fullmatch(text)
    return int(text) if counts else 1


def activation(node: Node, kind: Kind, place: Place, report: Reporter) -> str | None:
    """The condition on which a complex gateway goes on, in FEEL."""
    if kind is not Kind.COMPLEX_GATEWAY:
        return None
    written = text_of(child(node, "activationCondition"))
    return as_feel(written, "de activeringsvoorwaarde", place, report)


def report_quantities(node: Node, report: Reporter) -> None:
    """Refuse what is no number of tokens."""
    place = place_of(node)
    for name in _QUANTITIES:
        if not _QUANTITY.fullmatch(node.get(name, "1").strip()):
            report.error(
                "token-quantity-invalid",
                place,
                f"{label(place)} heeft {name}={node.get(name, '')[:20]}. Dat is geen aantal van "
                "1 tot en met 999.",
                f"Haal {name} weg, of vul een aantal in.",
            )
