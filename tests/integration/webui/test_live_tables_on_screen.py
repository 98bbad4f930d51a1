"""A process owner publishes other numbers for what runs at once, and sees their effect first."""

from __future__ import annotations

import pytest

from engine.definitions.published import publication
from engine.families.moves.bulk_move_desk import MoveDesk
from engine.runtime.models import ProcessInstance
from tests.live_package import live_package
from tests.practice import Practice
from tests.screens import Screens


@pytest.fixture
def draft(screens: Screens) -> tuple[Screens, Practice, str, str]:
    """A draft of a package that one trajectory runs on; its address and the token for it."""
    practice = Practice(screens.region.session.get_bind())
    practice.clock = screens.region.clock
    practice.version = practice.publish_other(live_package())
    practice.do(lambda r: r.start_by_message("begin", {"soort": "gewoon"}))
    screens.sign_in("olga")
    token = screens.token("/studio/overzetten")
    made = screens.client.post(
        "/studio/concepten", data={"csrf_token": token, "versie": practice.version}
    )
    return screens, practice, made.location, token


def put(draft, path: str, old: str, new: str) -> None:
    screens, _practice, address, token = draft
    read = screens.client.get(f"{address}/bestanden/{path}")
    headers = {"X-CSRFToken": token, "If-Match": read.headers["ETag"]}
    content = read.text.replace(old, new)
    answer = screens.client.put(f"{address}/bestanden/{path}", data=content, headers=headers)
    assert answer.status_code == 200


def test_the_effect_is_shown_and_then_the_numbers_reach_what_runs(draft):
    screens, practice, address, token = draft
    put(draft, "tabellen.dmn", 'duration("P10D")', 'duration("P7D")')
    page = screens.client.get(f"{address}/publiceren").text
    assert "Meteen ook voor 1 lopend traject" in page
    assert "tijd.ruim" in page
    assert "10 dagen" in page
    assert "7 dagen" in page
    given = {"csrf_token": token, "reden": "Korter", "meteen": "ja"}
    done = screens.client.post(f"{address}/publiceren", data=given)
    assert done.location.startswith("/studio/overzetten/")
    desk = MoveDesk(practice.database, practice.clock)
    while desk.work_on():
        pass
    assert "levende tabel" in screens.client.get(done.location).text
    (instance,) = practice.rows(ProcessInstance)
    assert instance.package_version != practice.version


def test_with_more_than_numbers_nothing_is_offered_and_asking_for_it_publishes_nothing(draft):
    screens, practice, address, token = draft
    put(draft, "tabellen.dmn", 'duration("P10D")', 'duration("P7D")')
    put(draft, "1.bpmn", 'name="werk"', 'name="anders"')
    page = screens.client.get(f"{address}/publiceren").text
    assert "Meteen ook voor" not in page
    assert "er is meer anders" in page
    given = {"csrf_token": token, "reden": "Korter", "meteen": "ja"}
    refused = screens.client.post(f"{address}/publiceren", data=given)
    assert (refused.status_code, "Korter" in refused.text) == (422, True)
    newest = publication.latest(screens.region.session, "levend")
    assert newest is not None
    assert newest.version == practice.version
