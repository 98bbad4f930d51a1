"""A list of tasks that is longer than a page, and addresses that nobody's browser makes."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from urllib.parse import unquote
from uuid import uuid4

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from engine.families.models import Trajectory
from engine.families.tasks import lists
from engine.families.tasks.lists import PAGE
from engine.runtime.models import ProcessInstance, UserTask
from tests.practice import Practice
from tests.screens import Screens


@pytest.fixture
def long_list(screens: Screens) -> Screens:
    """Wilma, of whose family there are more open tasks than a page shows."""
    region = screens.region
    practice = Practice(region.session.get_bind())
    practice.publish()
    trajectory = region.open()
    region.file().involve(
        trajectory.trajectory_id, "vertrouwenspersoon", region.users["wilma"], beside=False,
        at=region.now,
    )  # fmt: skip
    common = {
        "business_key": str(trajectory.trajectory_id), "package_key": "proef",
        "package_version": practice.version, "process_id": "proef",
    }  # fmt: skip
    instance_id = uuid4()
    with Session(region.session.get_bind()) as session:
        region.session.commit()
        session.execute(update(Trajectory).values(package_version=practice.version))
        session.add(
            ProcessInstance(
                id=instance_id, root_id=instance_id, status="active", state=b"", row_version=1,
                created_at=region.now, **common,
            )
        )  # fmt: skip
        session.flush()
        session.add_all(
            UserTask(
                id=uuid4(), instance_id=instance_id, root_id=instance_id, element_id="taak",
                name=f"Taak {number:03}", role="vertrouwenspersoon", system_role="worker",
                priority=50, status="open", created_at=region.now,
                due_at=region.now + timedelta(minutes=number), **common,
            )
            for number in range(PAGE + 7)
        )  # fmt: skip
        session.commit()
    screens.sign_in("wilma")
    return screens


def names_on(screens: Screens, path: str) -> list[str]:
    page = screens.client.get(path).get_data(as_text=True)
    return sorted(set(re.findall(r"Taak \d{3}", page)))


def test_each_task_stands_on_one_page(long_list: Screens) -> None:
    first, second = names_on(long_list, "/taken"), names_on(long_list, "/taken?pagina=2")
    assert (len(first), len(second)) == (PAGE, 7)
    assert sorted(first + second) == [f"Taak {number:03}" for number in range(PAGE + 7)]


def test_pages_link_to_each_other(long_list: Screens) -> None:
    first = long_list.client.get("/taken").get_data(as_text=True)
    assert 'rel="next"' in first
    assert 'rel="prev"' not in first
    second = long_list.client.get("/taken?pagina=2").get_data(as_text=True)
    assert 'rel="prev"' in second
    assert 'rel="next"' not in second


def test_the_count_of_a_tab_is_that_of_all_its_pages(long_list: Screens) -> None:
    assert long_list.client.get("/taken/aantal?tab=mijn").get_data(as_text=True) == str(PAGE + 7)
    assert long_list.client.get("/taken/aantal?tab=team").get_data(as_text=True) == "0"


def test_a_very_long_list_is_counted_no_further_than_people_read(
    long_list: Screens, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "COUNTED", PAGE)
    first = long_list.client.get("/taken").get_data(as_text=True)
    assert f'<span class="ks-count">{PAGE}+</span>' in first
    assert "Pagina 1 van meer dan 1" in first
    assert 'rel="next"' in first
    assert long_list.client.get("/taken/aantal?tab=mijn").get_data(as_text=True) == f"{PAGE}+"
    second = long_list.client.get("/taken?pagina=2").get_data(as_text=True)
    assert f'<span class="ks-count">{PAGE + 7}</span>' in second, "now the end is in sight"
    assert "Pagina 2 van 2" in second
    assert 'rel="next"' not in second
    assert names_on(long_list, "/taken?pagina=2") == [f"Taak {n:03}" for n in range(PAGE, PAGE + 7)]


def test_a_page_that_is_gone_leads_to_the_first(long_list: Screens) -> None:
    answer = long_list.client.get("/taken?pagina=9")
    assert answer.status_code == 302
    assert "pagina=1" in unquote(answer.headers["Location"])


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("pagina=-3", 200), ("pagina=abc", 200), ("pagina=99999999999999999999", 302),
        ("gezin=x", 200), ("gezin=" + "a" * 5000, 200), ("methode='--", 200), ("rol=%00", 400),
        ("methode=a%00b", 400), ("tab=%F0%9F%91%AA", 200),
    ],
)  # fmt: skip
def test_odd_addresses_are_answered(long_list: Screens, asked: str, status: int) -> None:
    assert long_list.client.get(f"/taken?{asked}").status_code == status


@pytest.mark.parametrize(
    "given", [{"gebruikersnaam": "wil\0ma"}, {"keuze": ["een", "tw\0ee"]}, {"keu\0ze": "een"}]
)
def test_a_nul_is_refused_in_a_form_too(screens: Screens, given: dict[str, Any]) -> None:
    answer = screens.client.post(
        "/aanmelden", data={"csrf_token": screens.token(), "wachtwoord": "x", **given}
    )
    assert answer.status_code == 400
