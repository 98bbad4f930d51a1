"""Lists of families that are longer than a page: turned over, and searched without addresses."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select, update

from engine.access.models import AccessLogEntry
from engine.families.models import Family, Trajectory
from tests.screens import Screens
from webui.listing import PAGE
from webui.presentation import show_word


@pytest.fixture
def many(screens: Screens) -> Screens:
    """A chain with more families than a page shows, and Zoë Çelik among them."""
    for number in range(PAGE + 6):
        screens.region.open(f"Familie {number:03}")
    screens.region.open("Familie Zoë Çelik", organisation="haven")
    screens.region.session.commit()
    return screens


def names_in(page: str) -> list[str]:
    return sorted(set(re.findall(r">(Familie [^<]+)</a>", page)))


def read(screens: Screens, path: str) -> str:
    return screens.client.get(path).get_data(as_text=True)


def search(screens: Screens, path: str, text: str, **kept: str) -> str:
    given = {"csrf_token": screens.token(path), "zoek": text, **kept}
    answer = screens.client.post(path, data=given)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


@pytest.mark.parametrize("path", ["/keten", "/gezinnen", "/contactnotitie"])
def test_each_family_stands_on_one_page(many: Screens, path: str) -> None:
    many.sign_in("cora" if path == "/keten" else "paula")
    first, second = (names_in(read(many, f"{path}{page}")) for page in ("", "?pagina=2"))
    assert len(first) == PAGE
    assert not set(first) & set(second)
    theirs = {"Familie Zoë Çelik"} if path == "/keten" else set()  # of another organisation
    assert {*first, *second} == {f"Familie {number:03}" for number in range(PAGE + 6)} | theirs


@pytest.mark.parametrize("asked", ["0", "-3", "abc", "99999999999999999999", "3"])
def test_a_page_that_is_not_there_is_the_nearest(many: Screens, asked: str) -> None:
    many.sign_in("cora")
    assert names_in(read(many, f"/keten?pagina={asked}"))


def test_a_search_looks_on_all_pages_whatever_the_accents(many: Screens) -> None:
    many.sign_in("cora")
    assert names_in(search(many, "/keten", "celik ZOE")) == ["Familie Zoë Çelik"]
    assert names_in(search(many, "/keten", "de haven")) == ["Familie Zoë Çelik"]
    nothing = search(many, "/keten", "bestaat niet")
    assert names_in(nothing) == []
    assert "Geen enkel traject past bij wat je zoekt." in nothing


def test_a_search_stays_within_the_filters(many: Screens) -> None:
    many.sign_in("cora")
    haven = str(many.region.organisations["haven"])
    assert names_in(search(many, "/keten", "familie", organisatie=haven)) == ["Familie Zoë Çelik"]


def test_too_many_are_told_and_the_first_shown(many: Screens) -> None:
    many.sign_in("paula")
    page = search(many, "/gezinnen", "familie")
    assert len(names_in(page)) == PAGE
    assert f"Gevonden: {PAGE + 6}. Dit zijn de eerste {PAGE}" in page


def test_a_search_counts_closed_ones_too_and_shows_them_last(many: Screens) -> None:
    session = many.region.session
    family = select(Family.id).where(Family.name.in_(["Familie 000", "Familie 010"]))
    session.execute(
        update(Trajectory)
        .where(Trajectory.family_id.in_(family))
        .values(status="closed", outcome="gesloten")
    )
    session.commit()
    many.sign_in("paula")
    page = search(many, "/gezinnen", "familie")
    assert f"Gevonden: {PAGE + 6}. Dit zijn de eerste {PAGE}" in page
    assert not {"Familie 000", "Familie 010"} & {*names_in(page)}
    few = search(many, "/gezinnen", "familie 01")
    shown = re.findall(r">(Familie [^<]+)</a>", few)
    running = ["Familie 001", *(f"Familie 01{number}" for number in range(1, 10))]
    assert [*dict.fromkeys(shown)] == [*running, "Familie 010"]
    assert "Familie 010" not in names_in(search(many, "/contactnotitie", "familie 01"))


@pytest.mark.parametrize("path", ["/keten", "/gezinnen", "/contactnotitie"])
def test_a_name_in_an_address_is_not_looked_for(many: Screens, path: str) -> None:
    many.sign_in("paula")
    assert len(names_in(read(many, f"{path}?zoek=Familie+001"))) == PAGE
    assert f'method="post" action="{path}"' in read(many, path)


def test_each_look_leaves_one_line_in_the_log(many: Screens) -> None:
    many.sign_in("cora")
    search(many, "/keten", "familie 001")
    many.region.session.rollback()
    lines = many.region.session.scalars(
        select(AccessLogEntry).where(AccessLogEntry.object_type == "chain")
    ).all()
    assert len(lines) == 2  # the page with the form, and what was found


def test_the_users_come_by_pages_and_are_searched(many: Screens) -> None:
    for number in range(PAGE):
        many.region.add_person(f"persoon {number:02}", None, "brug")
    many.region.session.commit()
    many.sign_in("adam")
    pages = [read(many, f"/beheer/gebruikers{page}") for page in ("", "?pagina=2", "?pagina=99")]
    names = [set(re.findall(r'<th scope="row">([^<]+)</th>', page)) for page in pages]
    assert len(names[0]) == PAGE
    assert not names[0] & names[1]
    assert names[1] == names[2]
    found = search(many, "/beheer/gebruikers", "schuldhulp petra")
    assert re.findall(r'<th scope="row">([^<]+)</th>', found) == ["Petra"]
    assert show_word("partner", "system_role") in found
