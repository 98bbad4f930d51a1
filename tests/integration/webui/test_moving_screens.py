"""Running trajectories go to another version over HTTP: planned, rehearsed, moved, put back."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest

from engine.families.models import Family, Trajectory
from engine.families.moves.bulk_move_desk import MoveDesk
from engine.runtime.models import ProcessInstance
from engine.store.unit_of_work import UnitOfWork
from tests.practice import Practice
from tests.screens import Screens

PLACE = "/studio/overzetten"


class Moving:
    """The process owner Olga, with three trajectories of the practice method on version 1."""

    def __init__(self, screens: Screens) -> None:
        self.practice = Practice(screens.region.session.get_bind())
        self.practice.clock = screens.region.clock
        self.practice.publish()
        self.old = self.practice.version
        for _ in range(3):
            self._trajectory(screens)
        self.new = self.practice.publish_changed(("P7D", "P14D"), ('"werk"', '"aanpakken"'))
        self.client = screens.client
        screens.sign_in("olga")
        self.token = screens.token(PLACE)
        self.desk = MoveDesk(self.practice.database, self.practice.clock)

    def _trajectory(self, screens: Screens) -> None:
        key, now = uuid4(), self.practice.clock.now()
        with UnitOfWork(self.practice.database) as session:
            session.add(Family(id=key, name="Gezin Geheim", created_at=now))
            session.flush()
            session.add(
                Trajectory(
                    id=key, family_id=key, package_key="proef", package_version=self.old,
                    organisation_id=screens.region.organisations["brug"], channel="aanmelding",
                    started_at=now,
                )
            )  # fmt: skip
            self.practice.runtime(session).start(self.old, "alleen", {}, business_key=str(key))

    def post(self, path: str, **data: object):
        return self.client.post(path, data={"csrf_token": self.token, **data})

    def begin(self, **more: str) -> str:
        given = {"van": self.old, "naar": self.new, "reden": "Langer wachten", **more}
        return self.post(PLACE, **given).location

    def work(self) -> None:
        while self.desk.work_on():
            pass

    def versions(self) -> list[str]:
        return [row.package_version for row in self.practice.rows(ProcessInstance)]


@pytest.fixture
def moving(screens: Screens) -> Moving:
    return Moving(screens)


def test_from_the_plan_to_the_last_one_and_back_again(moving: Moving):
    lists = moving.client.get(PLACE).text
    assert "3 trajecten op versie 1" in lists
    address = moving.begin()
    page = moving.client.get(address).text
    assert re.search(r'<option value="aanpakken" selected>', page)  # found by its place
    assert "7 dagen" in page
    assert "14 dagen" in page

    # a plan without the new name: everybody stays, and the page says where and why
    moving.post(f"{address}/plan", **{"nieuw:alleen/werk": ""})
    moving.work()
    page = moving.client.get(address).text
    assert "Dit element bestaat niet in de nieuwe versie." in page
    assert moving.versions() == [moving.old] * 3

    moving.post(
        f"{address}/plan", **{"nieuw:alleen/werk": "aanpakken", "timer:alleen/week": "opnieuw"}
    )
    moving.work()
    page = moving.client.get(address).text
    assert "3 taken blijven" in page
    assert "3 timers beginnen opnieuw" in page
    one = re.search(r'href="([^"]*/trajecten/[^"]*)"', page).group(1)
    preview = moving.client.get(one).text
    assert "heette werk" in preview
    assert moving.versions() == [moving.old] * 3

    moving.post(f"{address}/zet-over", hoeveel="een")
    moving.work()
    assert sorted(moving.versions()) == sorted([moving.new, moving.old, moving.old])
    assert "Het plan staat vast" in moving.client.get(address).text
    moving.post(f"{address}/zet-over", hoeveel="alle")
    assert "1 van 3" in moving.client.get(f"{address}/voortgang").text
    assert moving.client.get(f"{address}/voortgang?bezig=rehearse").headers["HX-Refresh"] == "true"
    moving.post(f"{address}/pauze", pauze="ja")
    moving.work()
    assert moving.versions().count(moving.new) == 1
    moving.post(f"{address}/pauze", pauze="nee")
    moving.work()
    assert moving.versions() == [moving.new] * 3

    moving.post(f"{address}/zet-terug")
    moving.work()
    assert moving.versions() == [moving.old] * 3
    page = moving.client.get(address).text
    assert page.count("precies zoals het was") == 3
    assert "Gezin Geheim" not in page + preview + lists


@pytest.mark.parametrize(
    "wrong",
    [
        {"nieuw:alleen/werk": "bestaat-niet"},
        {"timer:alleen/week": "opnieuw", "timer:alleen/aanpakken": "opnieuw"},
    ],
)
def test_a_plan_that_does_not_fit_is_refused_in_words(moving: Moving, wrong: dict[str, str]):
    address = moving.begin()
    assert moving.post(f"{address}/plan", **wrong).location == address
    page = moving.client.get(address).text
    assert "utrecht-alert--error" in page
    assert not moving.desk.work_on()


def test_rubbish_is_refused_and_a_second_move_leads_to_the_first(moving: Moving):
    assert moving.begin(reden="   ").endswith(f"van={moving.old}")
    assert moving.begin(naar="nergens") == PLACE
    address = moving.begin()
    assert moving.begin() == address
    for path in (
        f"{PLACE}/{uuid4()}",
        f"{PLACE}/nieuw?van=niets",
        f"{address}/trajecten/{uuid4()}",
    ):
        assert moving.client.get(path).status_code == 404
    assert moving.client.get(f"{address}?toon=onzin&blad=-4").status_code == 200
    assert moving.client.get(f"{address}?toon=moved&blad=99999999").status_code == 200
    assert moving.post(f"{address}/zet-over", hoeveel="heel veel").location == address
    for step in ("zet-over", "zet-terug"):
        assert moving.post(f"{address}/{step}", traject="geen-id").status_code == 404
        assert moving.post(f"{address}/{step}", traject=str(uuid4())).location == address
    assert not moving.desk.work_on()
    assert moving.post(f"{PLACE}/{uuid4()}/zet-terug").status_code == 404
    moving.post(f"{address}/sluiten")
    assert moving.post(f"{address}/plan").location == address
    assert "gesloten" in moving.client.get(address).text


def test_only_process_owners_move_trajectories(moving: Moving, screens: Screens):
    address = moving.begin()
    moving.client.post("/afmelden", data={"csrf_token": moving.token})
    screens.sign_in("paula")
    token = screens.token("/taken")
    for path in (PLACE, address, f"{address}/voortgang"):
        assert moving.client.get(path).status_code == 403
    asked = moving.client.post(f"{address}/plan", data={"csrf_token": token})
    assert asked.status_code == 403
