"""Outward work in loops, ends, parts and after a move to another version of the method."""

from __future__ import annotations

import pytest

from engine.definitions.packages import Package
from engine.definitions.published.publication import publish
from engine.execution.migration import Plan
from engine.runtime.models import Incident
from engine.store.unit_of_work import UnitOfWork
from tests.agreement import assert_no_findings
from tests.notified import mail_server, mailing_package, notice, office
from tests.practice_diagrams import (
    END,
    ENTRY,
    NONE_START,
    ROOTS,
    boundary,
    call,
    diagram,
    event,
    message,
    task,
)
from tests.unit.definitions.diagrams import MANIFEST, definitions, extended, form, package

NAME = {
    "type": "textfield", "id": "naam", "key": "naam", "label": "Naam",
    "properties": {"dossier": "gezin.naam"},
}  # fmt: skip
BEGIN = event("startEvent", "begin", message("M_aanmelding"))


def method(*diagrams: str) -> Package:
    manifest = MANIFEST.replace('hoofdproces = "P"', 'hoofdproces = "traject"') + ENTRY
    files = {f"{n}.bpmn": definitions(ROOTS + drawn) for n, drawn in enumerate(diagrams)}
    return package({**files, "formulieren/aanmelding.form": form("aanmelding", NAME)}, manifest)


def looped(element: str, collection: str) -> str:
    loop = extended(
        f'<zeebe:loopCharacteristics inputCollection="={collection}" inputElement="een" />'
    )
    inside = (
        f"<bpmn:multiInstanceLoopCharacteristics>{loop}</bpmn:multiInstanceLoopCharacteristics>"
    )
    return element.replace("</bpmn:serviceTask>", f"{inside}</bpmn:serviceTask>")


LOOP = method(
    diagram(
        "traject", BEGIN, task("kennismaken", None), looped(notice(), "[1, 2, 3]"),
        task("verder", None), END,
        flows="begin>kennismaken kennismaken>meld meld>verder verder>einde",
    )
)  # fmt: skip
PART = method(
    diagram(
        "traject", BEGIN, task("kennismaken", None), call("deel", "onderdeel"),
        task("verder", None), END,
        flows="begin>kennismaken kennismaken>deel deel>verder verder>einde",
    ),
    diagram("onderdeel", NONE_START, notice(), END, flows="start>meld meld>einde"),
)  # fmt: skip
SEND_TASK = method(
    diagram(
        "traject", BEGIN, task("kennismaken", None),
        notice().replace("serviceTask", "sendTask"), task("verder", None), END,
        flows="begin>kennismaken kennismaken>meld meld>verder verder>einde",
    )
)  # fmt: skip


CAUGHT = method(
    diagram(
        "traject", BEGIN, task("kennismaken", None), notice(),
        boundary("mislukt", "meld", '<bpmn:errorEventDefinition errorRef="E_unsent" />'),
        task("verder", None), task("bellen", None), END,
        flows="begin>kennismaken kennismaken>meld meld>verder verder>einde"
        " mislukt>bellen bellen>einde",
    )
    + '<bpmn:error id="E_unsent" name="niet verstuurd" errorCode="NIET-VERSTUURD" />'
)  # fmt: skip


@pytest.mark.parametrize(("drawn", "mails"), [(LOOP, 3), (PART, 1), (SEND_TASK, 1)])
def test_it_is_sent_and_the_trajectory_goes_on(engine_db, drawn, mails):
    with office(engine_db, drawn) as made, mail_server() as mailbox:
        made.ask_for_mail()
        assert len(made.waiting()) == mails
        assert_no_findings(engine_db)
        made.work(mailbox.transport())
        assert len(set(mailbox.ids())) == len(mailbox.ids()) == mails
        assert made.practice.open_elements() == ["verder"]
        assert_no_findings(engine_db)


def test_what_ends_a_part_takes_its_work_away(engine_db):
    with office(engine_db, PART) as made, mail_server() as mailbox:
        made.ask_for_mail()
        (work,) = made.waiting()
        made.practice.do(lambda r: r.cancel(work.instance_id))
        made.work(mailbox.transport())
        assert (made.waiting(), mailbox.received) == ([], [])
        assert_no_findings(engine_db)


def test_what_waits_moves_along_to_another_version(engine_db):
    with office(engine_db) as made, mail_server() as mailbox:
        made.ask_for_mail()
        (work,) = made.waiting()
        with UnitOfWork(engine_db) as session:
            files = {**mailing_package().files}
            files["a.bpmn"] = files["a.bpmn"].replace(b'"meld"', b'"mail-team"')
            version = publish(session, Package(files), at=made.practice.clock.now()).version
        plan = Plan(renamed={"meld": "mail-team"})
        made.practice.do(lambda r: r.migrate([work.instance_id], version, plan))
        assert [one.element_id for one in made.waiting()] == ["mail-team"]
        assert_no_findings(engine_db)
        made.work(mailbox.transport())
        assert len(mailbox.received) == 1
        assert made.practice.open_elements() == ["verder"]
        assert_no_findings(engine_db)


def test_a_diagram_may_catch_that_nothing_was_sent(engine_db):
    with office(engine_db, CAUGHT) as made:
        made.ask_for_mail()
        made.work(None)
        assert made.practice.open_elements() == ["bellen"]
        assert (made.incidents(), made.waiting()) == ([], [])
        (told,) = made.practice.rows(Incident)
        assert (told.code, told.resolved_at) == ("outward-not-configured", told.raised_at)
        assert_no_findings(engine_db)


def test_what_the_diagram_got_wrong_is_not_caught(engine_db):
    drawn = CAUGHT.files["0.bpmn"].replace(
        b'source="=&quot;vertrouwenspersoon&quot;"', b'source="=7"'
    )
    with (
        office(engine_db, Package({**CAUGHT.files, "0.bpmn": drawn})) as made,
        mail_server() as box,
    ):
        made.ask_for_mail()
        made.work(box.transport())
        assert [incident.code for incident in made.incidents()] == ["connector-failed"]
