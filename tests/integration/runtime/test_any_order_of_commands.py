"""Whatever commands come in whatever order: the tables always tell what the states say."""

from __future__ import annotations

import zlib
from contextlib import suppress
from datetime import timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from hypothesis.stateful import run_state_machine_as_test as run_machine
from sqlalchemy import Engine, text

from engine.execution import overrides
from engine.execution.errors import MendRefused, Suspended
from engine.execution.migration import Plan
from engine.execution.suspension import Review
from engine.runtime.commands import Correction
from engine.runtime.errors import BpmnError, MovedOn
from engine.runtime.models import Incident, ProcessInstance, UserTask
from engine.runtime.moving import inverse
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
ROLE = "vertrouwenspersoon"
POSSIBLE = {
    "skip": overrides.may_skip,
    "repeat": overrides.may_repeat,
    "move": overrides.may_move,
}
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
            ('id="werk"', 'id="arbeid"'), ('Ref="werk"', 'Ref="arbeid"'), ("P7D", "P10D"),
            ('"alleen"', '"zelfstandig"'),
        )  # fmt: skip
        self.fails, self.remembered = False, None
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
        rows = [t for t in self.practice.rows(UserTask) if t.element_id != t.process_id]
        tasks = sorted(t.id for t in rows if t.status == "open")
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
            with suppress(Suspended):  # a part of what is aside
                self.practice.do(lambda r: r.cancel(sorted(running)[which % len(running)]))

    @rule(which=st.integers(0, 99), corrected=st.booleans())
    def retry(self, which, corrected):
        stopped = [i for i in self.practice.rows(Incident) if i.resolved_at is None]
        if stopped:
            incident = stopped[which % len(stopped)]
            correction = Correction({"uit": ""}, "reden") if corrected else None
            place = incident.instance_id, incident.token_id
            with suppress(Suspended):
                self.practice.do(lambda r: r.retry(*place, correction))

    @rule(which=st.integers(0, 99), days=st.integers(1, 15))
    def change_due(self, which, days):
        tasks = [(t.instance_id, t.id) for t in self.practice.rows(UserTask) if t.status == "open"]
        timers = [(t.instance_id, t.token_id) for t in self.practice.timers()]
        if places := sorted(tasks + timers):
            place = places[which % len(places)]
            due = self.practice.clock.now() + timedelta(days=days)
            with suppress(Suspended):
                self.practice.do(lambda r: r.change_due(*place, due))

    @rule(which=st.integers(0, 999), how=st.sampled_from(["skip", "repeat", "move", "correct"]))
    def mend(self, which, how):
        """Against the drawn course, at any place where anything stands."""

        def intervene(runtime):
            rows = [r.id for r in self.practice.rows(ProcessInstance) if r.status == "active"]
            places = [
                (one, token)
                for one in sorted(rows)
                for token in runtime.store.get(one).execution.walk()
                if how == "correct" or POSSIBLE[how](token) is None
            ]
            if not places:
                return
            instance_id, token = places[which % len(places)]
            there = overrides.targets(token) if how == "move" else []
            values = {"uit": "hulp"} if which % 2 else {}
            commands = {
                "skip": lambda: runtime.mends.skip(instance_id, token.id, values),
                "repeat": lambda: runtime.mends.repeat(instance_id, token.id),
                "correct": lambda: runtime.mends.correct(instance_id, token.id, {"uit": "hulp"}),
                "move": lambda: runtime.mends.move(
                    instance_id, token.id, there[which % len(there)].id
                ),
            }
            if how == "move" and not there:
                return
            lines = self.last_lines()
            self.remembered = runtime.remembering(commands[how]), lines

        with suppress(MendRefused, Suspended):
            self.practice.do(intervene)

    @rule()
    def undo(self):
        """What the last mend touched is as it was, byte for byte, unless something happened."""
        memory, lines = self.remembered or (None, {})
        if memory is None or memory.beyond:
            return
        self.remembered, before = None, list(memory.before.values())
        try:
            self.practice.do(lambda r: r.undo(before, lines))
        except MovedOn:
            return
        rows = {row.id: row for row in self.practice.rows(ProcessInstance)}
        for one in before:
            row = rows[one.instance_id]
            if one.state is None:
                assert row.status != "active"
            else:
                assert zlib.decompress(row.state) == one.state

    def last_lines(self):
        query = "SELECT instance_id, max(id) FROM audit_events GROUP BY instance_id"
        with self.database.connect() as connection:
            return dict(connection.execute(text(query)).tuples().all())

    @rule(which=st.integers(0, 99), days=st.integers(1, 15))
    def put_aside(self, which, days):
        now = self.practice.clock.now()
        review = Review(now + timedelta(days=days), now + timedelta(days=days + 1), ROLE)
        if roots := self.roots():
            root_id = roots[which % len(roots)]
            with suppress(MendRefused):
                self.practice.do(lambda r: r.mends.suspend(root_id, review))
            self.practice.do(lambda r: r.mends.postpone(root_id, review))

    @rule(which=st.integers(0, 99), later=st.booleans())
    def take_up(self, which, later):
        tasks = [t for t in self.practice.rows(UserTask) if t.status == "open"]
        heads = {*PROCESSES, "zelfstandig"}
        aside = [one for one in [*tasks, *self.practice.timers()] if one.element_id in heads]
        if roots := sorted(one.instance_id for one in aside):
            self.practice.do(lambda r: r.mends.resume(roots[which % len(roots)], later=later))

    def roots(self):
        rows = self.practice.rows(ProcessInstance)
        return sorted({r.root_id for r in rows if r.status == "active" and r.id == r.root_id})

    @rule(which=st.integers(0, 99))
    def move_to_the_other_version(self, which):
        """There and back: an element and a process are renamed, a timer runs longer."""
        running = [row for row in self.practice.rows(ProcessInstance) if row.status == "active"]
        roots = sorted({(row.root_id, row.package_version) for row in running})
        if roots:
            root_id, version = roots[which % len(roots)]
            there = version == self.practice.version
            plan = Plan({"werk": "arbeid"}, processes={"alleen": "zelfstandig"})
            target = self.other if there else self.practice.version
            way = plan if there else inverse(plan)
            self.practice.do(lambda r: r.migrate([root_id], target, way))

    @invariant()
    def tables_agree(self):
        assert_healthy(self.database)


def test_tables_agree_with_states_after_any_commands(engine_db):
    machine = type("AnyOrderHere", (AnyOrder,), {"database": engine_db})
    run_machine(
        machine,
        settings=settings(
            max_examples=12,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
