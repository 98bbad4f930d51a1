"""Service tasks: what a connector gives, throws or breaks."""

from __future__ import annotations

import random
import string
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from engine.execution.errors import ConnectorFailed, NotWaiting
from engine.runtime.errors import BpmnError
from engine.runtime.models import Incident, ProcessInstance, SeenMessage
from engine.store.unit_of_work import in_transaction
from tests.agreement import assert_healthy


def raising(error):
    def connector(call):
        raise error

    return connector


def test_a_connector_lets_the_process_go_on(practice):
    practice.connect(lambda call: {"aantal": 2})
    practice.start("koppeling")
    assert practice.open_elements() == ["verder"]
    assert_healthy(practice.database)


def test_a_connector_that_throws_an_error_of_the_diagram_is_caught_there(practice):
    practice.connect(raising(BpmnError("FOUT")))
    practice.start("koppeling")
    assert practice.open_elements() == ["herstel"]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (BpmnError("ANDERS"), "uncaught-error"),
        (ConnectorFailed("Kan niet."), "connector-failed"),
        (KeyError("geheim"), "connector-crashed"),
    ],
)
def test_a_connector_that_fails_is_an_incident_that_can_be_retried(practice, error, code):
    practice.connect(raising(error))
    instance_id = practice.start("koppeling")
    (incident,) = practice.rows(Incident)
    assert (incident.code, incident.element_id) == (code, "vraag")
    assert "geheim" not in incident.message
    assert_healthy(practice.database)
    practice.do(lambda r: r.retry(instance_id, incident.token_id))
    assert len([i for i in practice.rows(Incident) if i.resolved_at is None]) == 1
    practice.connect(lambda call: {})
    practice.do(lambda r: r.retry(instance_id, incident.token_id))
    assert practice.open_elements() == ["verder"]
    assert all(i.resolved_at for i in practice.rows(Incident))
    with pytest.raises(NotWaiting):
        practice.do(lambda r: r.retry(instance_id, incident.token_id))
    assert_healthy(practice.database)


def test_an_incident_at_a_step_with_a_whole_story_for_a_name_is_kept(practice):
    story = "".join(random.Random(1).choices(string.ascii_letters, k=9_000))
    practice.connect(raising(ConnectorFailed("Kan niet.")))
    practice.version = practice.publish_changed(('name="vraag"', f'name="{story}"'))
    practice.start("koppeling")
    (incident,) = practice.rows(Incident)
    assert story.startswith(incident.element_name)
    assert incident.element_name
    assert_healthy(practice.database)


def test_what_a_failing_connector_wrote_is_undone_and_the_incident_stays(practice):
    def work(session: Session):
        def connector(call):
            session.add(SeenMessage(message_id="half werk"))
            session.flush()
            session.execute(text("SELECT 1 / 0"))

        practice.connect(connector)
        practice.runtime(session).start(practice.version, "koppeling", {})

    in_transaction(practice.database, work)
    assert practice.rows(SeenMessage) == []
    assert [i.code for i in practice.rows(Incident)] == ["connector-crashed"]


def test_what_a_failing_connector_let_begin_never_began(practice):
    def work(session: Session):
        def connector(call):
            runtime.begin_within("aanmelding", {}, business_key="k", version=practice.version)
            session.add(SeenMessage(message_id="twee keer"))
            session.add(SeenMessage(message_id="twee keer"))

        practice.connect(connector)
        runtime = practice.runtime(session)
        runtime.start(practice.version, "koppeling", {})

    in_transaction(practice.database, work)
    assert [i.code for i in practice.rows(Incident)] == ["connector-crashed"]
    assert [i.process_id for i in practice.rows(ProcessInstance)] == ["koppeling"]
    assert_healthy(practice.database)


def test_a_lost_race_in_a_connector_is_done_again_and_is_no_incident(practice):
    barrier = Barrier(2)

    def run(first, second):
        tries = []

        def work(session: Session):
            def connector(call):
                session.execute(text("SELECT pg_advisory_xact_lock(:k)"), {"k": first})
                if not tries:
                    tries.append(1)
                    barrier.wait()
                session.execute(text("SELECT pg_advisory_xact_lock(:k)"), {"k": second})
                return {}

            runtime = practice.runtime(session)
            runtime._settlement._connectors = _only(connector)
            runtime.start(practice.version, "koppeling", {})

        in_transaction(practice.database, work)

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(run, 901, 902), pool.submit(run, 902, 901)]:
            done.result()
    assert practice.rows(Incident) == []
    assert practice.open_elements() == ["verder", "verder"]


def _only(connector):
    from engine.runtime.connectors import ConnectorRegistry
    from tests.practice_diagrams import CONNECTOR

    registry = ConnectorRegistry()
    registry.register(CONNECTOR, connector)
    return registry
