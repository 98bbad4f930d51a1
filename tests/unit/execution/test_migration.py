"""Going over to another version while the trajectory runs."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.definitions.model import Event, Kind, Trigger, UserWork
from engine.execution import state
from engine.execution.definition import Definition
from engine.execution.errors import MigrationRefused
from engine.execution.migration import Plan, check, migrate
from engine.execution.standing import standing
from tests.unit.execution.models import (
    BEGIN,
    Driver,
    Model,
    check_invariants,
    each,
    line,
    message,
    timer,
)
from tests.unit.execution.random_models import block_models


def simple(*, after: str = "na", cycle: bool = False) -> Model:
    model = Model().user("werk", user=UserWork(due_date="P3D")).user(after)
    line(model, "werk", after)
    event = timer(cycle="R5/P1D") if cycle else timer("P7D")
    return model.on("werk", "t", event, interrupting=False).end("laat").flow("t", "laat")


def move(run: Driver, model: Model, plan: Plan | None = None) -> Driver:
    run.definition = Definition(model.process())
    run.execution = migrate(run.execution, run.definition, run.now, plan)
    return run._settle()


def reasons(run: Driver, model: Model, plan: Plan | None = None) -> list[str]:
    return [r.element_id for r in check(run.execution, Definition(model.process()), plan)]


def test_tasks_and_timers_keep_their_ids_and_due_times():
    run = Driver(simple())
    before = {(w.kind, w.token_id, w.due_at) for w in run.waits}
    run.wait(timedelta(days=2))
    move(run, simple(after="iets-anders"))
    assert {(w.kind, w.token_id, w.due_at) for w in run.waits} == before
    assert run.complete("werk").open == ["iets-anders"]


def test_the_given_instance_stays_as_it_was():
    run = Driver(simple())
    raw = state.dump(run.execution)
    migrate(run.execution, Definition(simple(after="x").process()), run.now)
    assert state.dump(run.execution) == raw


def test_task_that_is_gone_is_refused_by_name_unless_it_was_renamed():
    new = simple()
    new.elements["gesprek"] = replace(new.elements.pop("werk"), id="gesprek")
    new.elements["t"] = replace(new.elements["t"], attached_to="gesprek")
    new.flows = {
        k: replace(f, source=f.source.replace("werk", "gesprek"),
                   target=f.target.replace("werk", "gesprek"))
        for k, f in new.flows.items()
    }  # fmt: skip
    run = Driver(simple())
    assert reasons(run, new) == ["werk"]
    with pytest.raises(MigrationRefused, match=r"\[werk\]") as refused:
        move(Driver(simple()), new)
    assert refused.value.where["reasons"][0][0] == "werk"
    due = run.due("t")
    move(run, new, Plan(renamed={"werk": "gesprek"}))
    assert run.open == ["gesprek", "t"]
    assert run.due("t") == due


def test_timer_can_be_kept_or_begun_anew():
    for restart, days in ((frozenset(), 7), (frozenset({"t"}), 9)):
        run = Driver(simple()).wait(timedelta(days=2))
        move(run, simple(), Plan(restart=restart))
        assert run.due("t") == BEGIN + timedelta(days=days)


def test_cycle_goes_on_where_it_was():
    run = Driver(simple(cycle=True)).fire("t").fire("t")
    move(run, simple(cycle=True))
    fired = 0
    while run.all("t", "timer"):
        run.fire("t")
        fired += 1
    assert fired == 3


def test_reminder_that_fired_is_not_begun_again_unless_asked():
    run = Driver(simple()).fire("t")
    assert move(run, simple()).all("t") == []
    assert len(move(run, simple(), Plan(restart=frozenset({"t"}))).all("t")) == 1


def test_new_boundary_events_and_event_sub_processes_begin_to_listen():
    new = simple().on("werk", "nieuw", message("stop")).end("e2")
    new.flow("nieuw", "e2").handler("vang", "g", message("bel"), interrupting=False)
    run = move(Driver(simple()), new)
    assert run.open == ["g", "nieuw", "t", "werk"]
    assert run.deliver("nieuw").status == "completed"


def test_boundary_event_that_is_gone_stops_listening():
    new = Model().user("werk").user("na")
    run = move(Driver(simple()), line(new, "werk", "na"))
    assert run.open == ["werk"]


def test_form_and_role_follow_the_new_version_and_the_due_time_stays():
    new = simple()
    new.elements["werk"] = replace(
        new.elements["werk"], user=UserWork(form_id="nieuw", due_date="P9D")
    )
    run = Driver(simple())
    due = run.due("werk")
    move(run, new)
    assert run.one("werk").details["form"] == "nieuw"
    assert run.due("werk") == due


def test_message_name_and_key_follow_the_new_version():
    old = line(Model().catch("w", message("oud", "=k")), "w")
    new = line(Model().catch("w", message("nieuw", "=k + 1")), "w")
    run = move(Driver(old, {"k": 1}), new)
    assert (run.one("w").name, run.one("w").key) == ("nieuw", "2")
    broken = line(Model().catch("w", message("nieuw", "=weg")), "w")
    assert reasons(Driver(old, {"k": 1}), broken) == ["w"]


def test_other_kinds_places_triggers_and_repetitions_are_refused():
    run = Driver(line(Model().user("werk"), "werk"))
    other = line(Model().service("werk"), "werk")
    assert reasons(run, other) == ["werk"]
    inside = Model().sub("deel").user("werk", parent="deel")
    line(inside, "werk", parent="deel", tag="-deel")
    assert reasons(run, line(inside, "deel")) == ["werk"]
    assert reasons(run, line(Model().user("werk", loop=each("=[1]")), "werk")) == ["werk"]
    waits = Driver(line(Model().catch("w", timer("P1D")), "w"))
    assert reasons(waits, line(Model().catch("w", message("m")), "w")) == ["w"]


def test_finished_instance_is_refused():
    run = Driver(line(Model().task("a"), "a"))
    assert reasons(run, line(Model().task("a"), "a")) == ["P"]


def test_progress_of_a_multi_instance_sub_process_is_kept():
    def model(extra: bool) -> Model:
        loop = each("=[1,2,3]", output_collection="uit", output_element="=r")
        made = Model().sub("deel", loop=loop).user("a", "b", parent="deel")
        line(made, "a", "b" if extra else "a", parent="deel", tag="-deel")
        if not extra:
            made.flows = {k: f for k, f in made.flows.items() if f.source != f.target}
            del made.elements["b"]
        return line(made, "deel")

    run = Driver(model(extra=False)).complete("a", {"r": 1})
    move(run, model(extra=True))
    assert len(run.all("a", "user")) == 2
    run.complete("a").complete("b", {"r": 2}).complete("a").complete("b", {"r": 3})
    assert run.variables["uit"] == [1, 2, 3]


def test_token_at_a_join_keeps_the_way_it_came_by():
    def model(prefix: str) -> Model:
        made = Model().both("split", "join").user("a", "b")
        made.start().end().flow("start", "split", "a").flow("split", "b")
        made.flow("a", "join", name=f"{prefix}1").flow("b", "join", name=f"{prefix}2")
        return made.flow("join", "end")

    run = Driver(model("x")).complete("a")
    assert move(run, model("y")).complete("b").status == "completed"


def test_undoing_follows_the_new_names():
    undo = Event(Trigger.COMPENSATION)

    def model(handler: str) -> Model:
        made = Model().task("a", compensation_handler=handler).on("a", "c", undo)
        made.task(handler, is_compensation=True).user("werk").throw("undo", undo)
        return line(made, "a", "werk", "undo")

    run = Driver(model("h"))
    assert reasons(run, model("k")) == ["h"]
    move(run, model("k"), Plan(renamed={"h": "k"})).complete("werk")
    assert "k" in run.told()
    assert run.status == "completed"


def test_event_gateway_listens_to_a_new_event_too():
    def model(*names: str) -> Model:
        made = Model().add(Kind.EVENT_BASED_GATEWAY, "wacht").start().end().flow("start", "wacht")
        for name in names:
            made.catch(name, message(name)).flow("wacht", name, "end")
        return made

    run = move(Driver(model("a", "b")), model("a", "c"))
    assert run.open == ["a", "c"]
    assert run.deliver("c").status == "completed"


@given(model=block_models(), data=st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_moving_to_the_same_definition_changes_nothing(model: Model, data: st.DataObject):
    run = Driver(model, {"v": 0, "lijst": [1, 2]}, reload=False, step_budget=60)
    able = ("user", "job", "timer", "message", "signal")
    for _ in range(8):
        if run.status != "active":
            return
        raw = state.dump(run.execution)
        moved = migrate(run.execution, run.definition, run.now)
        check_invariants(moved)
        assert state.dump(moved) == raw
        assert standing(moved) == standing(run.execution)
        open_ = [w for w in run.waits if w.kind in able]
        if not open_:
            return
        wait = data.draw(st.sampled_from(open_))
        if wait.kind == "timer":
            run.execution.fire_timer(wait.token_id, run.now)
        elif wait.kind in ("user", "job"):
            run.execution.complete_work(wait.token_id, {"v": data.draw(st.integers(0, 2))}, run.now)
        else:
            run.execution.deliver(wait.token_id, {}, run.now)


def split(*ways: str) -> Model:
    """Ways at once that come together, and a reminder on the first of them."""
    model = Model().both("splits", "samen").user(*ways, "na")
    line(model, "splits", ways[0], "samen", "na")
    for way in ways[1:]:
        model.flow("splits", way, "samen")
    return model.on(ways[0], "t", timer("P7D"), interrupting=False).end("laat").flow("t", "laat")


@pytest.mark.parametrize("done", [(), ("a",), ("b",)])
def test_a_join_that_would_wait_for_a_way_that_nothing_goes_is_refused(done):
    run = Driver(split("a", "b"))
    for way in done:
        run.complete(way)
    assert len(reasons(run, split("a", "b", "c"))) == 1
    with pytest.raises(MigrationRefused):
        move(run, split("a", "b", "c"))


def test_a_join_that_is_put_behind_a_single_way_is_refused():
    alone = line(Model().user("a", "na"), "a", "na")
    assert reasons(Driver(alone), split("a", "b")) == ["a"]


def test_a_join_in_a_sub_process_that_would_wait_for_ever_is_refused():
    def inside(*ways: str) -> Model:
        model = line(Model().sub("deel"), "deel").both("splits", "samen", parent="deel")
        model.start("in", "deel").end("uit", "deel").user(*ways, parent="deel")
        model.flow("in", "splits").flow("samen", "uit")
        for way in ways:
            model.flow("splits", way, "samen")
        return model

    assert len(reasons(Driver(inside("a", "b")), inside("a", "b", "c"))) == 1


def test_before_the_ways_part_another_way_may_be_added():
    def begins(*ways: str) -> Model:
        model = split(*ways).user("eerst")
        del model.flows["start-splits"]
        return model.flow("start", "eerst", "splits")

    run = move(Driver(begins("a", "b")), begins("a", "b", "c")).complete("eerst")
    assert run.complete("a").complete("b").open == ["c", "samen", "samen"]
    assert run.complete("c").open == ["na"]


def test_a_way_that_is_taken_out_of_a_join_lets_the_others_go_on():
    run = move(Driver(split("a", "b", "c")).complete("c"), split("a", "b", "c"))
    assert reasons(run, split("a", "b")) == ["samen"]  # by the way of c it came there
    run = Driver(split("a", "b"))
    assert reasons(run, split("a", "b")) == []


@pytest.mark.parametrize("sequential", [True, False])
def test_a_loop_that_begins_to_collect_has_the_rounds_that_are_done_from_then_on(sequential):
    def each_one(**fields: object) -> Model:
        loop = each("=lijst", sequential=sequential, **fields)
        return line(Model().user("werk", loop=loop).user("na"), "werk", "na")

    run = Driver(each_one(), {"lijst": ["a", "b", "c"]}).complete("werk")
    move(run, each_one(output_collection="uit", output_element="=item"))
    run.complete("werk").complete("werk")
    assert run.open == ["na"]
    assert run.variables["uit"] == [None, "b", "c"]
