"""Calls between published packages while corrections are published and trajectories run."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from engine.definitions.errors import PackageNotSound
from engine.definitions.published import publication
from engine.definitions.published.models import PackageBinding, PackagePart
from engine.runtime.doctor import examine
from engine.runtime.models import Incident, ProcessInstance, UserTask
from engine.store.unit_of_work import UnitOfWork
from tests.practice import Practice
from tests.two_packages import call, caller, decide, manifest, meeting, package, process, task

FIRST, CORRECTED = "Bereid voor", "Bereid het overleg goed voor"


@pytest.fixture
def practice(engine_db: Engine) -> Practice:
    return Practice(engine_db)


def calling(binding: str, tag: str = "") -> object:
    """A task, and then the care meeting by a binding."""
    return caller(task("vooraf"), call("Zorgoverleg", binding=binding, tag=tag), ids="vooraf roep")


def names(practice: Practice) -> list[str]:
    """The names of the open tasks of the care meeting."""
    rows = practice.rows(UserTask)
    return [t.name for t in rows if t.status == "open" and t.element_id == "voorbereiden"]


def start(practice: Practice, own: object) -> None:
    practice.version = practice.publish_other(own)
    practice.start("Traject", key="t")


@pytest.mark.parametrize("binding", ["", "latest"])
def test_a_correction_reaches_the_next_call_of_the_latest_also_of_what_runs(
    practice: Practice, binding: str
):
    practice.publish_other(meeting(FIRST))
    start(practice, calling(binding))
    practice.publish_other(meeting(CORRECTED))
    practice.complete("vooraf")
    assert names(practice) == [CORRECTED]


def test_a_correction_does_not_reach_what_is_bound_to_deployment(practice: Practice):
    practice.publish_other(meeting(FIRST))
    start(practice, calling("deployment"))
    corrected = practice.publish_other(meeting(CORRECTED))
    practice.complete("vooraf")
    assert names(practice) == [FIRST]
    with UnitOfWork(practice.database) as session:  # not even when the old one is retired
        publication.retire(session, bound(practice), at=practice.clock.now())
    practice.start("Traject", key="u")
    practice.complete("vooraf")
    assert names(practice) == [FIRST, FIRST]
    assert bound(practice) != corrected


def bound(practice: Practice) -> str:
    (row,) = practice.rows(PackageBinding)
    return row.bound_version


def test_a_caller_that_is_published_again_is_bound_to_what_is_newest_then(practice: Practice):
    practice.publish_other(meeting(FIRST))
    practice.publish_other(calling("deployment"))
    practice.publish_other(meeting(CORRECTED))
    again = caller(
        task("vooraf", name="Eerst dit"),
        call("Zorgoverleg", binding="deployment"),
        ids="vooraf roep",
    )
    start(practice, again)
    practice.complete("vooraf")
    assert names(practice) == [CORRECTED]


def test_a_version_tag_finds_the_newest_version_that_carries_it(practice: Practice):
    practice.publish_other(meeting("Oud", tag="2025"))
    practice.publish_other(meeting("Beter", tag="2025"))
    practice.publish_other(meeting("Anders", tag="2026"))
    start(practice, calling("versionTag", "2025"))
    practice.complete("vooraf")
    assert names(practice) == ["Beter"]


def test_a_running_child_stays_with_its_version(practice: Practice):
    practice.publish_other(meeting(FIRST))
    start(practice, calling("latest"))
    practice.complete("vooraf")
    practice.publish_other(
        package(
            "zorgoverleg",
            {
                "overleg.bpmn": process("Zorgoverleg", task("heel-anders"), ids="heel-anders"),
                "formulieren/verslag.form": meeting().files["formulieren/verslag.form"],
            },
            manifest("zorgoverleg", shared=True, voorzitter="project_leader"),
        )
    )
    practice.complete("voorbereiden", gezegd="ja")
    statuses = {i.process_id: i.status for i in practice.rows(ProcessInstance)}
    assert statuses == {"Traject": "completed", "Zorgoverleg": "completed"}


def test_a_retired_version_is_called_no_more_and_the_one_before_is(practice: Practice):
    practice.publish_other(meeting(FIRST))
    wrong = practice.publish_other(meeting("Fout"))
    start(practice, calling("latest"))
    with UnitOfWork(practice.database) as session:
        publication.retire(session, wrong, at=practice.clock.now())
    practice.complete("vooraf")
    assert names(practice) == [FIRST]


def test_a_process_that_moved_to_another_package_is_found_there(practice: Practice):
    old = package(
        "oud",
        {
            "o.bpmn": process("Zorgoverleg", task("voorbereiden", name="Oud"), ids="voorbereiden"),
            "formulieren/verslag.form": meeting().files["formulieren/verslag.form"],
        },
        manifest("oud", shared=True, voorzitter="project_leader"),
    )
    practice.publish_other(old)
    without = package("oud", {"o.bpmn": process("Anders", ids="")}, manifest("oud", shared=True))
    before = practice.clock.now() - timedelta(days=1)
    with UnitOfWork(practice.database) as session:
        publication.publish_all(session, [without, meeting("Nieuw")], at=before)
    start(practice, calling("latest"))
    practice.complete("vooraf")
    assert names(practice) == ["Nieuw"]


def test_what_is_called_no_more_is_an_incident_that_a_publication_mends(practice: Practice):
    only = practice.publish_other(meeting(FIRST))
    start(practice, calling("latest"))
    with UnitOfWork(practice.database) as session:
        publication.retire(session, only, at=practice.clock.now())
    practice.complete("vooraf")
    (incident,) = practice.rows(Incident)
    assert (incident.element_id, incident.code) == ("roep", "called-process-missing")
    practice.publish_other(meeting(FIRST))
    practice.do(lambda r: r.retry(incident.instance_id, incident.token_id))
    assert names(practice) == [FIRST]


@pytest.mark.parametrize(("binding", "expected"), [("latest", 10), ("deployment", 7)])
def test_a_shared_table_is_asked_by_its_binding(practice: Practice, binding: str, expected: int):
    practice.publish_other(meeting(days=7))
    own = caller(task("vooraf"), decide("termijn", binding), task("erna"), ids="vooraf beslis erna")
    start(practice, own)
    practice.publish_other(meeting(days=10))
    practice.complete("vooraf")
    (instance,) = practice.rows(ProcessInstance)
    with Session(practice.database) as session:
        found = practice.runtime(session).store.get(instance.id).execution.variables
    assert found["norm"] == expected


def test_a_table_that_is_gone_is_an_incident_at_the_task(practice: Practice):
    only = practice.publish_other(meeting())
    own = caller(task("vooraf"), decide("termijn"), ids="vooraf beslis")
    start(practice, own)
    with UnitOfWork(practice.database) as session:
        publication.retire(session, only, at=practice.clock.now())
    practice.complete("vooraf")
    (incident,) = practice.rows(Incident)
    assert (incident.element_id, incident.code) == ("beslis", "unknown-decision")


def test_the_doctor_finds_nothing_in_a_tree_over_two_packages(practice: Practice):
    practice.publish_other(meeting())
    start(practice, calling("latest"))
    practice.complete("vooraf")
    with Session(practice.database) as session:
        assert list(examine(session, practice.clock)) == []


def test_a_process_id_of_another_package_is_refused_at_publication(practice: Practice):
    practice.publish_other(meeting())
    twin = package(
        "dubbel",
        {"d.bpmn": process("Zorgoverleg", ids="")},
        manifest("dubbel").replace("Traject", "Zorgoverleg"),
    )
    with pytest.raises(PackageNotSound) as refused:
        practice.publish_other(twin)
    assert "process-of-another-package" in {f.rule for f in refused.value.findings}


def test_packages_published_together_may_call_each_other_and_are_published_or_not_together(
    practice: Practice,
):
    at, own, shared = practice.clock.now(), calling("deployment"), meeting()
    broken = caller(call("Nergens"), ids="roep", key="kapot")
    with pytest.raises(PackageNotSound), UnitOfWork(practice.database) as session:
        publication.publish_all(session, [own, shared, broken], at=at)
    with pytest.raises(PackageNotSound, match="twee"), UnitOfWork(practice.database) as session:
        publication.publish_all(session, [shared, meeting("Kopie")], at=at)
    assert practice.rows(PackagePart) == []
    with UnitOfWork(practice.database) as session:
        published = publication.publish_all(session, [own, shared], at=at)
        assert [one.version.key for one in published] == ["zorgoverleg", "methode"]
    assert bound(practice) == shared.version
