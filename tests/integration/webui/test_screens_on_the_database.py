"""The screens on a real database: signing in, refusals, incidents, faults."""

from __future__ import annotations

import re
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from engine.access.models import AccessLogEntry, User
from engine.definitions.packages import load_package
from engine.definitions.published import publication
from engine.families.mending.incidents import Ended, Mending, Retried
from engine.runtime.models import Incident, ProcessInstance
from tests.region import Region
from tests.screens import Screens

STUCK_MANIFEST = """
sleutel = "proef"
hoofdproces = "proef"
[naam]
nl = "Proef"
[rollen.projectleider]
naam = {nl = "Projectleider"}
functie = "project_leader"
[ingangen.proef]
bericht = "proef"
formulier = "proef"
naam = {nl = "Proef"}
door = ["project_leader"]
"""
STUCK_FORM = """
{"type": "default", "id": "proef", "schemaVersion": 18, "components": [
  {"type": "textfield", "id": "V", "key": "naam", "label": "Naam",
   "properties": {"dossier": "gezin.naam"}}]}
"""
STUCK_MODEL = """
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d"
    targetNamespace="proef">
  <bpmn:message id="M" name="proef" />
  <bpmn:process id="proef" isExecutable="true">
    <bpmn:startEvent id="s"><bpmn:messageEventDefinition id="m" messageRef="M" /></bpmn:startEvent>
    <bpmn:sequenceFlow id="a" sourceRef="s" targetRef="g" />
    <bpmn:exclusiveGateway id="g" default="c" />
    <bpmn:sequenceFlow id="b" sourceRef="g" targetRef="e">
      <bpmn:conditionExpression>=ontbreekt &gt; 3</bpmn:conditionExpression>
    </bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="c" sourceRef="g" targetRef="e" />
    <bpmn:endEvent id="e" />
  </bpmn:process>
</bpmn:definitions>
"""


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("wilma", "/taken"),
        ("paula", "/taken"),
        ("cora", "/keten"),
        ("adam", "/beheer/incidenten"),
        ("olga", "/studio/pakketten"),
    ],
)
def test_everyone_starts_at_a_place_of_their_own(screens: Screens, name: str, start: str) -> None:
    answer = screens.sign_in(name)

    assert answer.headers["Location"] == start
    assert screens.client.get(start).status_code == 200


def test_an_account_that_is_tried_too_often_is_closed_for_a_while(screens: Screens) -> None:
    for _ in range(5):
        screens.sign_in("wilma", "fout")
    answer = screens.sign_in("wilma")

    assert answer.status_code == 422
    assert "te vaak geprobeerd" in answer.get_data(as_text=True)


def test_a_closed_account_is_signed_out_at_once(screens: Screens) -> None:
    screens.sign_in("wilma")
    screens.region.session.get_one(User, screens.region.users["wilma"]).active = False
    screens.region.session.commit()

    assert screens.client.get("/taken").headers["Location"].startswith("/aanmelden")


def test_a_family_of_another_organisation_is_refused_and_logged(screens: Screens) -> None:
    family_id = screens.region.open().family_id
    screens.region.session.commit()
    screens.sign_in("hanna")
    answer = screens.client.get(f"/gezinnen/{family_id}")
    line = screens.region.session.scalars(
        select(AccessLogEntry).order_by(AccessLogEntry.id.desc()).limit(1)
    ).one()

    assert answer.status_code == 403
    assert "Ahmadi" not in answer.get_data(as_text=True)
    assert (line.outcome, line.family_id) == ("refused", family_id)
    assert line.user_id == screens.region.users["hanna"]


def test_a_family_that_does_not_exist_looks_the_same(screens: Screens) -> None:
    family_id = screens.region.open().family_id
    screens.region.session.commit()
    screens.sign_in("hanna")
    theirs = screens.client.get(f"/gezinnen/{family_id}").get_data(as_text=True)
    nobodys = screens.client.get(f"/gezinnen/{uuid4()}").get_data(as_text=True)

    def main_part(page: str) -> str:
        return page[page.index("<main") :]

    assert main_part(theirs) == main_part(nobodys)


def test_an_incident_names_element_cause_and_mend_and_can_be_retried(
    screens: Screens, monkeypatch: pytest.MonkeyPatch
) -> None:
    incident = add_incident(screens.region)
    retried = []

    def retry(_self: Mending, _actor: object, ids: list[UUID]) -> list[Retried]:
        retried.extend(ids)
        return [Retried(one, "ritme-bepalen", "Ritme bepalen", Ended.WENT_ON) for one in ids]

    monkeypatch.setattr(Mending, "retry", retry)
    screens.sign_in("adam")
    page = screens.client.get("/beheer/incidenten").get_data(as_text=True)
    answer = screens.client.post(
        f"/beheer/incidenten/{incident.id}/opnieuw",
        data={"csrf_token": screens.token("/beheer/incidenten")},
    )

    for text in ("Ritme bepalen", "gaf geen uitkomst", "Vul de regel aan", "fase-1"):
        assert text in page
    assert retried == [incident.id]
    assert answer.status_code == 302


def test_only_administrators_retry(screens: Screens) -> None:
    incident = add_incident(screens.region)
    screens.sign_in("paula")
    answer = screens.client.post(
        f"/beheer/incidenten/{incident.id}/opnieuw", data={"csrf_token": screens.token("/taken")}
    )

    assert answer.status_code == 403


def test_an_unexpected_fault_shows_a_number_and_nothing_else(
    screens: Screens, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ValueError("geheim: Familie Ahmadi")

    monkeypatch.setattr("webui.taken.views.make_list", broken)
    screens.sign_in("wilma")
    with capture_logs() as logged:
        answer = screens.client.get("/taken")
    page = answer.get_data(as_text=True)

    assert answer.status_code == 500
    assert logged[0]["number"] in page
    assert any(place.endswith(" broken") for place in logged[0]["trace"])
    assert "Ahmadi" not in str(logged)
    assert re.search(r"Foutnummer: <strong[^>]*>[0-9A-F]{8}</strong>", page)
    assert "Ahmadi" not in page


def test_a_family_whose_trajectory_is_stuck_says_so(screens: Screens, tmp_path: Path) -> None:
    family_id = refer_to_a_stuck_trajectory(screens, tmp_path)
    screens.sign_in("paula")
    page = screens.client.get(f"/gezinnen/{family_id}").get_data(as_text=True)

    assert "technisch vastgelopen" in page


def refer_to_a_stuck_trajectory(screens: Screens, folder: Path) -> UUID:
    """A family in a package whose first condition has no value."""
    (folder / "formulieren").mkdir()
    (folder / "pakket.toml").write_text(STUCK_MANIFEST, "utf-8")
    (folder / "proef.bpmn").write_text(STUCK_MODEL, "utf-8")
    (folder / "formulieren" / "proef.form").write_text(STUCK_FORM, "utf-8")
    made = screens.region
    publication.publish(made.session, load_package(folder), at=made.now, by=None, reason="")
    made.session.commit()
    answers = {"naam": "Gezin Storing"}
    return screens.casework.refer(made.actor("paula"), "proef", "proef", answers).family_id


def add_incident(made: Region) -> Incident:
    """A stuck token of an instance that does not run here."""
    instance = ProcessInstance(
        id=uuid4(),
        package_key="tussen-in",
        package_version="0" * 64,
        process_id="fase-1",
        business_key=str(uuid4()),
        root_id=uuid4(),
        status="active",
        state=b"",
        row_version=1,
        created_at=made.now,
    )
    made.session.add(instance)
    made.session.flush()
    incident = Incident(
        id=uuid4(),
        token_id=uuid4(),
        instance_id=instance.id,
        business_key=instance.business_key,
        package_key="tussen-in",
        process_id="fase-1",
        element_id="ritme-bepalen",
        element_name="Ritme bepalen",
        code="no-result",
        message="De beslissing 'ritme' gaf geen uitkomst.",
        remedy="Vul de regel aan en probeer het opnieuw.",
        raised_at=made.now,
    )
    made.session.add(incident)
    made.session.commit()
    return incident
