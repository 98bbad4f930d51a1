"""Trying incidents again, correcting values and changing due times, as sent from the pages."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient

from engine.access.models import User
from engine.access.services import set_password
from engine.execution import state
from engine.execution.errors import ConnectorFailed
from engine.execution.migration import Plan
from engine.families.composition import process_workbench
from engine.families.models import Contact, DueChange
from engine.families.moves.trajectory_moves import Moved
from engine.families.moves.version_moves import VersionMove
from engine.runtime.models import AuditEvent, Incident, ProcessInstance, Timer, UserTask
from engine.store.unit_of_work import UnitOfWork
from tests.integration.casework.conftest import Office, office
from tests.screens import PASSWORD, Screens, application
from webui.beheer import incidents
from webui.presentation import local
from webui.services import Services

__all__ = ["office"]


class Visitor(Screens):
    """Signs in as one person at a time, with a password given then."""

    def sign_in(self, name: str, password: str = PASSWORD):
        session = self.region.session
        user = session.get_one(User, self.region.users[name])
        set_password(session, user, password, at=self.region.now)
        session.commit()
        return super().sign_in(name, password)

    def token_of_start(self) -> str:
        shown = page(self.client, "/")
        return re.search(r'name="csrf-token" content="([^"]+)"', shown)[1]


@pytest.fixture
def screens(office: Office) -> Visitor:
    office.people.session.commit()
    database, clock = office.practice.database, office.practice.clock
    app = application(Services(database=database, clock=clock, casework=office.casework))
    return Visitor(office.people, office.casework, app.test_client())


def stop(office: Office, many: int = 1) -> list[UUID]:
    """So many processes of which the first task stands still."""
    for _ in range(many):
        office.practice.start("alleen", getal=1)
    with UnitOfWork(office.practice.database) as session:
        runtime = process_workbench(session, office.practice.clock).runtime
        for task in office.practice.rows(UserTask):
            if task.element_id == "werk" and task.status == "open":
                failed = ConnectorFailed("Het liep vast.", "Verbeter de waarde.")
                runtime.stop_with_incident(task.instance_id, task.id, failed)
    return [one.id for one in office.practice.rows(Incident)]


def still_open(office: Office) -> list[UUID]:
    return [one.id for one in office.practice.rows(Incident) if one.resolved_at is None]


def send(screens: Visitor, path: str, **data: object):
    token = screens.token_of_start()
    return screens.client.post(
        path, data={"csrf_token": token, **data}, follow_redirects=True
    ).get_data(as_text=True)


def page(client: FlaskClient, path: str) -> str:
    return client.get(path, follow_redirects=True).get_data(as_text=True)


def test_chosen_incidents_are_tried_again_and_counted(office, screens):
    one, two, three = stop(office, 3)
    screens.sign_in("adam")
    told = send(screens, "/beheer/incidenten/opnieuw", incident=[str(one), str(two), str(uuid4())])
    assert "2 gaan weer verder." in told
    assert "1 was intussen al opgelost." in told
    assert still_open(office) == [three]


def test_all_that_the_filter_leaves_are_tried_again(office, screens):
    stop(office, 3)
    screens.sign_in("adam")
    told = send(screens, "/beheer/incidenten/opnieuw", welke="alle", oorzaak="iets-anders")
    assert "gaan weer verder" not in told
    assert len(still_open(office)) == 3
    assert "Alle 3 opnieuw proberen" in page(screens.client, "/beheer/incidenten?element=werk")
    told = send(screens, "/beheer/incidenten/opnieuw", welke="alle", element="werk")
    assert "3 gaan weer verder." in told
    assert "Geen incidenten" in page(screens.client, "/beheer/incidenten")


def test_choosing_nothing_is_told(office, screens):
    stop(office, 2)
    screens.sign_in("adam")
    assert "Kies eerst" in send(screens, "/beheer/incidenten/opnieuw")
    assert "Kies eerst" in send(screens, "/beheer/incidenten/opnieuw", incident="geen-nummer")
    assert len(still_open(office)) == 2


@pytest.mark.parametrize("asked", ["pagina=999", "pagina=-1", "pagina=x", "oorzaak=niets", "x=1"])
def test_the_list_bears_any_address(office, screens, asked):
    stop(office)
    screens.sign_in("adam")
    assert screens.client.get(f"/beheer/incidenten?{asked}").status_code == 200


def test_a_corrected_value_is_kept_and_the_step_goes_on(office, screens):
    (incident_id,) = stop(office)
    screens.sign_in("adam")
    shown = page(screens.client, f"/beheer/incidenten/{incident_id}")
    for text in ("werk", "Het liep vast.", "Verbeter de waarde.", "getal", "alleen"):
        assert text in shown
    told = send(
        screens, f"/beheer/incidenten/{incident_id}/verbeteren",
        **{"v-getal": "2", "naam": "nieuw", "waarde": '"x"', "reden": "Verkeerd ingevoerd"},
    )  # fmt: skip
    assert "1 gaat weer verder." in told
    (line,) = [e for e in office.practice.rows(AuditEvent) if e.type == "corrected"]
    assert line.data == {
        "reason": "Verkeerd ingevoerd",
        "variables": {
            "getal": {"before": 1, "after": 2, "at": "alleen"},
            "nieuw": {"before": None, "after": "x", "at": "alleen"},
        },
    }
    assert office.practice.open_tasks("werk")


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"v-getal": "twee", "reden": "r"}, "geen waarde"),
        ({"v-getal": "2"}, "Schrijf kort waarom"),
        ({"reden": "r"}, "Er is niets veranderd"),
        ({"naam": "nieuw", "reden": "r"}, "Vul de waarde in"),
        ({"naam": "trajectId", "waarde": "1", "reden": "r"}, "houdt Ketenspoor zelf bij"),
    ],
)
def test_what_cannot_be_corrected_is_told_and_what_was_typed_stays(office, screens, data, told):
    (incident_id,) = stop(office)
    screens.sign_in("adam")
    token = screens.token_of_start()
    answer = screens.client.post(
        f"/beheer/incidenten/{incident_id}/verbeteren", data={"csrf_token": token, **data}
    )
    shown = answer.get_data(as_text=True)
    assert (answer.status_code, told in shown) == (422, True)
    for value in data.values():
        assert value in shown
    assert still_open(office) == [incident_id]


def test_a_value_that_is_too_large_for_the_process_is_refused(office, screens, monkeypatch):
    monkeypatch.setattr(state.dump, "__defaults__", (2_000,))
    (incident_id,) = stop(office)
    screens.sign_in("adam")
    data = {"v-getal": '"' + "x" * 5_000 + '"', "reden": "r"}
    told = send(screens, f"/beheer/incidenten/{incident_id}/verbeteren", **data)
    assert "te groot" in told
    assert still_open(office) == [incident_id]


def test_a_long_list_has_pages_and_is_tried_a_part_at_a_time(office, screens, monkeypatch):
    monkeypatch.setattr(incidents, "ON_A_PAGE", 2)
    monkeypatch.setattr(incidents, "MOST_AT_ONCE", 2)
    stop(office, 5)
    screens.sign_in("adam")
    first = page(screens.client, "/beheer/incidenten")
    assert "Eerste 2 opnieuw proberen" in first
    assert "Pagina 1 van 3" in first
    assert "Pagina 3 van 3" in page(screens.client, "/beheer/incidenten?pagina=3")
    send(screens, "/beheer/incidenten/opnieuw", welke="alle")
    assert len(still_open(office)) == 3


def test_an_incident_that_is_solved_leads_back_to_the_list(office, screens):
    (incident_id,) = stop(office)
    screens.sign_in("adam")
    send(screens, f"/beheer/incidenten/{incident_id}/opnieuw")
    values = {"v-getal": "2", "reden": "r"}
    assert "intussen" in send(screens, f"/beheer/incidenten/{incident_id}/verbeteren", **values)
    assert "intussen" in page(screens.client, f"/beheer/incidenten/{incident_id}")
    assert "intussen" in send(screens, f"/beheer/incidenten/{uuid4()}/opnieuw")


@pytest.mark.parametrize("name", ["paula", "wilma", "cora"])
def test_others_do_not_mend(office, screens, name):
    (incident_id,) = stop(office)
    screens.sign_in(name)
    data = {"csrf_token": screens.token_of_start(), "v-getal": "2", "reden": "r"}
    for path in ("opnieuw", f"{incident_id}/opnieuw", f"{incident_id}/verbeteren"):
        assert screens.client.post(f"/beheer/incidenten/{path}", data=data).status_code == 403
    assert screens.client.get(f"/beheer/incidenten/{incident_id}").status_code == 403


# -- due times -----------------------------------------------------------------------------------


def the_task(office: Office) -> UserTask:
    (found,) = [t for t in office.practice.rows(UserTask) if t.status == "open"]
    return found


def address(office: Office, token_id: UUID) -> str:
    return f"/trajecten/{office.ref.trajectory_id}/termijnen/{token_id}"


def given(task: UserTask, **more: str) -> dict[str, str]:
    return {
        "datum": "2026-03-29", "tijd": "09:30", "reden": "De school is dicht.",
        "gezien": task.due_at.isoformat(), **more,
    }  # fmt: skip


@pytest.mark.parametrize("name", ["paula", "cora"])
def test_another_due_time_is_kept_and_told_in_the_chronology(office, screens, name):
    task = the_task(office)
    screens.sign_in(name)
    trajectory = f"/trajecten/{office.ref.trajectory_id}"
    assert address(office, task.id) in page(screens.client, trajectory)
    assert "kennismaken" in page(screens.client, address(office, task.id))
    told = send(screens, address(office, task.id), **given(task))
    assert "zo 29 mrt 2026, 09:30" in told
    assert f"{local(the_task(office).due_at):%Y-%m-%d %H:%M}" == "2026-03-29 09:30"
    family = page(screens.client, f"/gezinnen/{office.ref.family_id}")
    assert "Andere termijn: kennismaken" in family
    assert "De school is dicht." in family


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"datum": "2025-12-31"}, "al voorbij"),
        ({"datum": ""}, "Kies een datum"),
        ({"datum": "gisteren"}, "Kies een datum"),
        ({"tijd": "half tien"}, "Vul een tijd in"),
        ({"reden": " "}, "Schrijf kort waarom"),
        ({"reden": "x" * 501}, "te lang"),
        ({"gezien": "2020-01-01T00:00:00+00:00"}, "Iemand anders"),
        ({"gezien": "onzin"}, "Iemand anders"),
        ({"datum": "0001-01-01", "tijd": "00:00"}, "kalender"),
    ],
)
def test_a_due_time_that_cannot_be_is_told_and_what_was_typed_stays(office, screens, more, told):
    task = the_task(office)
    screens.sign_in("paula")
    data = {"csrf_token": screens.token_of_start(), **given(task, **more)}
    answer = screens.client.post(address(office, task.id), data=data)
    shown = answer.get_data(as_text=True)
    assert (answer.status_code, told in shown) == (422, True)
    assert data["datum"] in shown
    assert the_task(office).due_at == task.due_at
    assert office.practice.rows(DueChange) == []


def test_an_hour_that_the_clock_skips_comes_an_hour_later(office, screens):
    task = the_task(office)
    screens.sign_in("paula")
    assert "03:30" in send(screens, address(office, task.id), **given(task, tijd="02:30"))


def test_what_is_done_meanwhile_leads_back_to_the_trajectory(office, screens):
    task = the_task(office)
    screens.sign_in("paula")
    office.complete("wilma", "kennismaken", {"keuze": "ja"})
    assert "al klaar" in send(screens, address(office, task.id), **given(task))
    assert "al klaar" in page(screens.client, address(office, uuid4()))


def test_a_timer_on_the_page_can_be_changed_too(office, screens):
    office.until_contact()
    (timer,) = office.practice.rows(Timer)
    screens.sign_in("paula")
    told = send(
        screens, address(office, timer.token_id), datum="2026-02-01", tijd="12:00", reden="Later",
        gezien=timer.due_at.isoformat(),
    )  # fmt: skip
    assert "1 feb" in told
    assert office.practice.rows(Timer)[0].due_at > timer.due_at + timedelta(days=1)


def test_workers_see_no_way_to_change_a_due_time_and_have_none(office, screens):
    task = the_task(office)
    screens.sign_in("wilma")
    assert "termijnen" not in page(screens.client, f"/trajecten/{office.ref.trajectory_id}")
    assert screens.client.get(address(office, task.id)).status_code == 403
    data = {"csrf_token": screens.token_of_start(), **given(task)}
    assert screens.client.post(address(office, task.id), data=data).status_code == 403


# -- after a move to another version -----------------------------------------------------------


def test_what_happened_before_a_move_is_told_as_it_was_called_then(office, screens):
    office.until_contact()
    office.practice.clock.advance_to(office.practice.rows(Timer)[0].due_at)
    assert office.sweep() == 1
    (ritme,) = [i for i in office.practice.rows(ProcessInstance) if i.process_id == "ritme"]
    part = f"/trajecten/{office.ref.trajectory_id}/delen/{ritme.id}"
    family = f"/gezinnen/{office.ref.family_id}"
    screens.sign_in("paula")
    assert "te-laat" in page(screens.client, family)
    assert passed(page(screens.client, part)) == ["te-laat"]
    version = office.practice.publish_changed(
        ('id="te-laat"', 'id="niet-op-tijd"'), ('name="te-laat"', 'name="Niet op tijd"'),
        ('Ref="te-laat"', 'Ref="niet-op-tijd"'),
    )  # fmt: skip
    plan = Plan({"te-laat": "niet-op-tijd"})
    made = VersionMove(office.practice.database, office.practice.clock, "proef", version, plan)
    assert [one.ended for one in made.carry_out()] == [Moved.MOVED]
    told = page(screens.client, family)
    assert "te-laat" in told
    assert "Niet op tijd" not in told
    assert passed(page(screens.client, part)) == ["niet-op-tijd"]
    assert "contactmoment" in page(screens.client, part)
    whole = page(screens.client, f"/trajecten/{office.ref.trajectory_id}")
    assert "ritme-fase" in whole


def test_a_step_that_the_new_version_has_no_more_keeps_its_name(office, screens):
    office.until_contact()
    version = office.practice.publish_changed(
        ('id="kennismaken"', 'id="iets-anders"'), ('Ref="kennismaken"', 'Ref="iets-anders"')
    )
    made = VersionMove(office.practice.database, office.practice.clock, "proef", version, Plan())
    assert [one.ended for one in made.carry_out()] == [Moved.MOVED]
    screens.sign_in("paula")
    whole = page(screens.client, f"/trajecten/{office.ref.trajectory_id}")
    assert "<p>kennismaken</p>" in whole


def test_a_form_is_read_under_the_questions_that_were_asked_then(office, screens):
    wilma = office.actor("wilma")
    note = {"soort": "telefoon"}
    office.casework.note_contact(wilma, office.ref.trajectory_id, note)
    version = office.practice.publish_changed(('"label": "soort"', '"label": "Hoe ging het?"'))
    office.practice.clock.advance_to(office.people.now + timedelta(minutes=5))
    made = VersionMove(office.practice.database, office.practice.clock, "proef", version, Plan())
    assert [one.ended for one in made.carry_out()] == [Moved.MOVED]
    office.practice.clock.advance_to(office.people.now + timedelta(minutes=5))
    office.casework.note_contact(wilma, office.ref.trajectory_id, note)
    screens.sign_in("paula")
    notes = sorted(office.practice.rows(Contact), key=lambda one: one.at)
    forms = f"/gezinnen/{office.ref.family_id}/formulieren"
    first, second = (page(screens.client, f"{forms}/{one.document_id}") for one in notes)
    assert ("soort" in first, "Hoe ging het?" in first) == (True, False)
    assert "Hoe ging het?" in second


def passed(shown: str) -> list[str]:
    """The elements that the page marks as passed, but those that every part has."""
    overlays = json.loads(re.search(r"data-standing>(.*?)</script>", shown, re.DOTALL)[1])
    return [one["id"] for one in overlays["passed"] if one["id"] != "start"]
