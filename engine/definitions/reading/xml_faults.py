"""What a parser says about broken XML, in words for who did not write it."""

from __future__ import annotations

import re
from typing import Final

_RESAVE: Final = "Open het bestand in de modelleeromgeving en sla het opnieuw op."
_CUT_OFF: Final = (
    "Het bestand is waarschijnlijk niet helemaal binnengekomen. Download of exporteer het opnieuw."
)
_FAULTS: Final = (
    (r"Excessive depth", "het is dieper genest dan 256 lagen", "Maak het model minder diep."),
    (
        r"(?:Text node too long|Buffer size limit|huge|AttValue length too long)",
        "er staat één stuk tekst in van meer dan 10 MB",
        "Haal bijlagen of afbeeldingen uit het model.",
    ),
    (
        r"(?:Start tag expected|Document is empty)",
        "het begint niet met XML",
        "Kies het .bpmn-bestand zelf. " + _RESAVE,
    ),
    (
        r"(?:Premature end|EndTag|Couldn't find end|attributes construct|CData section not "
        r"finished|Comment not terminated|Unfinished|AttValue: ' expected|Extra content)",
        "het breekt halverwege af",
        _CUT_OFF,
    ),
    (
        r"(?:EntityRef|Entity '|CharRef|xmlParseReference)",
        "er staat een los &-teken of een onbekende verwijzing in (zoals &nbsp;)",
        "Schrijf ‘&amp;’ in plaats van ‘&’, of sla het bestand opnieuw op.",
    ),
    (
        r"(?:Unescaped '<'|error parsing attribute name|StartTag: invalid element name)",
        "er staat een ‘<’ waar tekst hoort",
        "Schrijf ‘&lt;’ in plaats van ‘<’, of sla het bestand opnieuw op.",
    ),
    (r"Attribute .* redefined", "een kenmerk staat er twee keer", _RESAVE),
    (r"Namespace prefix", "een voorvoegsel wordt gebruikt maar nergens uitgelegd", _RESAVE),
    (r"(?:PCDATA invalid Char|Char 0x)", "er staat een teken in dat in XML niet mag", _RESAVE),
)
_MISMATCH: Final = re.compile(
    r"Opening and ending tag mismatch: ([^\s]{1,80}) line (\d+) and ([^\s,]{1,80})"
)


def in_words(said: str) -> tuple[str, str]:
    """What is wrong, and how to mend it; the parser's own words where there are no better ones."""
    crossed = _MISMATCH.search(said)
    if crossed is not None:
        began, line, ended = crossed.groups()
        return f"<{began}> van regel {line} wordt afgesloten als </{ended}>", _RESAVE
    for pattern, what, mend in _FAULTS:
        if re.search(pattern, said, re.IGNORECASE):
            return what, mend
    return said, _RESAVE
