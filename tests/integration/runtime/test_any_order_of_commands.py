"""Whatever commands come in whatever order: the tables always tell what the states say."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from hypothesis.stateful import run_state_machine_as_test as run_machine
from sqlalchemy import Engine, text

from engine.execution.migration import Plan
from engine.runtime.commands import Correction
from engine.runtime.errors import BpmnError
from engine.runtime.models import Incident, ProcessInstance, UserTask
from engine.store.unit_of_work import UnitOfWork
from tests.agreement import assert_healthy
from tests.practice import Practice

PROCESSES = (
    "alleen",
    "wekelijks",
    "wachter",
    "luisteraar",
    "roeper",
    "koppeling",
    "ouder",
    "grootouder",
    "onopgevangen",
    "bewaakt",
    "ouder-van-tweeling",
)
KEYS = ("een", "twee")
EMPTIED = (
    "user_tasks, timers, subscriptions, buffered_messages, seen_messages, incidents, "
    "process_instances"
)


class AnyOrder(RuleBasedStateMachine):
    """Random commands on one database; the clock only goes forward."""

    database: Engine

    @initialize()
    def begin(self):
        self.practice = Practice(self.database)
        self.practice.publish()
        self.other = self.practice.publish_changed(
            ('id="werk"', 'id="arbeid"'), ('Ref="werk"', 'Ref="arbeid"'), ("P7D", "P10D")
        )
        self.fails = False
        self.practice.connect(self.connector)
        with UnitOfWork(self.database) as session:
            session.execute(text("SET LOCAL session_replication_role = replica"))
            session.execute(text(f"TRUNCATE {EMPTIED} CASCADE"))
            session.execute(text("TRUNCATE audit_events"))

    def connector(self, call):
        if self.fails:
            raise BpmnError("FOUT") if self.fails == "gevangen" else KeyError
        return {}

    @rule(process_id=st.sampled_from(PROCESSES), key=st.sampled_from(KEYS))
    def start(self, process_id, key):
        self.practice.start(process_id, sleutel=key)

    @rule(which=st.integers(0, 99), outcome=st.sampled_from(["", "fout", "hulp"]))
    def complete(self, which, outcome):
        tasks = self.practice.open_tasks()
        if tasks:
            task_id = tasks[which % len(tasks)]
            self.practice.do(lambda r: r.complete_task(task_id, {"uit": outcome}))

    @rule(days=st.integers(1, 15))
    def time_passes(self, days):
        self.practice.clock.advance_to(self.practice.clock.now() + timedelta(days=days))
        self.practice.sweep().run_once()

    @rule(key=st.sampled_from(KEYS), life=st.integers(0, 20))
    def publish(self, key, life):
        self.practice.do(lambda r: r.publish("antwoord", key, {}, life=timedelta(days=life)))

    @rule()
    def signal(self):
        self.practice.do(lambda r: r.signal("alarm", {}))

    @rule(how=st.sampled_from([False, "gevangen", "stuk"]))
    def connector_changes(self, how):
        self.fails = how

    @rule(which=st.integers(0, 99))
    def cancel(self, which):
        running = [row.id for row in self.practice.rows(ProcessInstance) if row.status == "active"]
        if running:
            self.practice.do(lambda r: r.cancel(sorted(running)[which % len(running)]))

    @rule(which=st.integers(0, 99), corrected=st.booleans())
    def retry(self, which, corrected):
        stopped = [i for i in self.practice.rows(Incident) if i.resolved_at is None]
        if stopped:
            incident = stopped[which % len(stopped)]
            correction = Correction({"uit": ""}, "reden") if corrected else None
            place = incident.instance_id, incident.token_id
            self.practice.do(lambda r: r.retry(*place, correction))

    @rule(which=st.integers(0, 99), days=st.integers(1, 15))
    def change_due(self, which, days):
        tasks = [(t.instance_id, t.id) for t in self.practice.rows(UserTask) if t.status == "open"]
        timers = [(t.instance_id, t.token_id) for t in self.practice.timers()]
        if places := sorted(tasks + timers):
            place = places[which % len(places)]
            due = self.practice.clock.now() + timedelta(days=days)
            self.practice.do(lambda r: r.change_due(*place, due))

    @rule(which=st.integers(0, 99))
    def move_to_the_other_version(self, which):
        """There and back: an element is renamed, a timer runs longer."""
        running = [row for row in self.practice.rows(ProcessInstance) if row.status == "active"]
        roots = sorted({(row.root_id, row.package_version) for row in running})
        if roots:
            root_id, version = roots[which % len(roots)]
            there = version == self.practice.version
            target, renamed = (self.other, {"werk": "arbeid"}) if there else (
                self.practice.version, {"arbeid": "werk"}
            )  # fmt: skip
            self.practice.do(lambda r: r.migrate([root_id], target, Plan(renamed)))

    @invariant()
    def tables_agree(self):
        assert_healthy(self.database)


def test_tables_agree_with_states_after_any_commands(engine_db):
    machine = type("AnyOrderHere", (AnyOrder,), {"database": engine_db})
    run_machine(
        machine,
        settings=settings(
            max_examples=20,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
