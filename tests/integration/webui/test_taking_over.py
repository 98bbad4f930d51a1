"""A draft that is behind takes over what was published meanwhile, over HTTP."""

from __future__ import annotations

import re

from tests.studio import Studio


def two_drafts(studio: Studio) -> str:
    """A draft in which one file was changed, while another was published with two."""
    early, late = studio.edit(), studio.edit()
    studio.put(early, "README.md", b"van de een", seen=1)
    studio.put(early, "scenarios/erbij.yaml", b"naam: erbij", seen=None)
    assert studio.put(late, "README.md", b"van de ander", seen=1).status_code == 200
    studio.post(f"{early}/publiceren", reden="Eerst")
    return late


def hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'type="hidden" name="(versie|stand)" value="([^"]*)"', page))


def test_what_one_changed_comes_over_and_what_both_did_is_asked(studio: Studio) -> None:
    draft = two_drafts(studio)
    assert "Intussen is versie 2 gepubliceerd." in studio.client.get(draft).text
    page = studio.client.get(f"{draft}/overnemen").text
    assert "scenarios/erbij.yaml" in page

    refused = studio.post(f"{draft}/overnemen", **hidden(page))
    assert refused.status_code == 422
    assert "Kies bij ‘README.md’ welke versie blijft." in refused.text

    done = studio.post(f"{draft}/overnemen", **hidden(page), **{"kies:README.md": "mine"})
    assert done.status_code == 302
    assert studio.client.get(f"{draft}/bestanden/README.md").get_data() == b"van de ander"
    assert studio.client.get(f"{draft}/bestanden/scenarios/erbij.yaml").status_code == 200
    assert "Intussen is versie" not in studio.client.get(draft).text
    assert studio.client.get(f"{draft}/overnemen").status_code == 302


def test_rubbish_is_refused_with_what_to_do(studio: Studio) -> None:
    draft = two_drafts(studio)
    answer = studio.post(
        f"{draft}/overnemen", versie="x", stand="y", **{"kies:README.md": "allebei"}
    )
    assert answer.status_code == 422
    assert "Kijk opnieuw wat er overgenomen wordt." in answer.text
