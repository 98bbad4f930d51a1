"""The five life domains of the method, their parts and the scales on them (domain.md §3.1)."""

from __future__ import annotations

PARTS: dict[str, tuple[str, ...]] = {
    "huishouding": ("huisvesting", "financien"),
    "maatschappelijk": ("dagbesteding", "praktisch", "netwerk"),
    "opvoeding": ("competenties", "verzorging", "veiligheid"),
    "welzijn": ("psychisch", "lichamelijk", "zingeving"),
    "partnerrelatie": ("relaties",),
}
LIFE_DOMAINS = tuple(PARTS)
CONCERN_LEVELS = ("ernstig", "licht", "geen", "onbekend")
PHASES = (1, 2, 3, 4)
GOAL_SCORES = ("behaald", "deels", "niet")
