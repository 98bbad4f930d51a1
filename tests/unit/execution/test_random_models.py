"""Random models, worked in random order, stored and read back at random."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from engine.definitions.model import Kind
from engine.execution import state
from engine.execution.definition import Definition
from engine.execution.effects import Happening
from engine.execution.errors import ConnectorFailed, NotWaiting
from engine.execution.machine import Execution
from engine.execution.standing import Standing, standing
from tests.unit.execution.models import BEGIN, Driver, Model, check_invariants
from tests.unit.execution.random_models import block_models, loose_models

SETTINGS = settings(
    max_examples=50,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
START = {"v": 0, "lijst": [1, 2, 3]}


def choices(execution: Execution) -> list[Standing]:
    """What can happen next, in an order that doesn't depend on random ids."""
    able = ("user", "job", "child", "timer", "message", "signal", "incident")
    return [w for w in standing(execution) if w.kind in able]


def act(execution: Execution, wait: Standing, variables: dict[str, Any], now: Any) -> None:
    execution.come_to()
    match wait.kind:
        case "user" | "job" | "child":
            execution.complete_work(wait.token_id, variables, now)
        case "timer":
            execution.fire_timer(wait.token_id, now)
        case "incident":
            execution.retry(wait.token_id, now)
        case _:
            execution.deliver(wait.token_id, variables, now)


def told(execution: Execution) -> list[tuple[str, str]]:
    return [
        (e.type, e.element_id) if isinstance(e, Happening) else (type(e).__name__, "")
        for e in execution.take_effects()
    ]


def shape(execution: Execution) -> list[Any]:
    """The state without its random ids."""
    places = {t.id: n for n, t in enumerate(execution.walk())}
    hidden = {str(t.id): f"#{n}" for t, n in zip(execution.walk(), places.values(), strict=True)}

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {k: plain(v) for k, v in value.items()}
        return hidden.get(value, value) if isinstance(value, str) else value

    return [
        (
            t.element.id,
            places.get(t.scope.id) if t.scope else None,
            t.state,
            t.data,
            plain(t.internal_data),
        )
        for t in execution.walk()
    ]


@given(model=st.one_of(block_models(), loose_models()), data=st.data())
@SETTINGS
def test_storing_after_every_step_changes_nothing(model: Model, data: Any):
    one = Driver(model, START, reload=False, step_budget=60)
    two = Driver(model, START, reload=True, step_budget=60)
    kept, stored, now = one.execution, two.execution, BEGIN
    for _ in range(25):
        assert shape(kept) == shape(stored)
        assert kept.status == stored.status
        open_ = choices(kept)
        if not open_:
            break
        index = data.draw(st.integers(0, len(open_) - 1))
        variables = data.draw(st.sampled_from([{}, {"v": 0}, {"v": 1}, {"v": 2}]))
        now += timedelta(hours=data.draw(st.sampled_from([0, 1, 24, 24 * 40])))
        note(f"{open_[index].kind} {open_[index].element_id} {variables}")
        act(kept, open_[index], variables, now)
        act(stored, choices(stored)[index], variables, now)
        assert told(kept) == told(stored)
        check_invariants(kept)
        raw = state.dump(stored)
        stored = state.load(two.definition, raw, now, step_budget=60)
        assert state.dump(stored) == raw


def unhurried(model: Model, now: Any) -> Execution:
    """An instance that stops behind everything it throws, with nobody there to hear it."""
    execution = Execution.start(
        Definition(model.process()), START, now, pauses=True, step_budget=60
    )
    while execution.go_on(now):
        pass
    return execution


@given(model=block_models(), data=st.data())
@SETTINGS
def test_pausing_behind_what_is_thrown_changes_nothing_when_nobody_hears(model: Model, data: Any):
    hurried = Driver(model, START, reload=False, step_budget=60).execution
    pausing, now = unhurried(model, BEGIN), BEGIN
    for _ in range(15):
        assert shape(hurried) == shape(pausing)
        assert hurried.status == pausing.status
        open_ = choices(hurried)
        if not open_:
            break
        index = data.draw(st.integers(0, len(open_) - 1))
        now += timedelta(hours=data.draw(st.sampled_from([0, 1, 24])))
        act(hurried, open_[index], {"v": 2}, now)
        act(pausing, choices(pausing)[index], {"v": 2}, now)
        while pausing.go_on(now):
            pass
        check_invariants(pausing)


@given(model=block_models(), data=st.data())
@SETTINGS
def test_what_is_over_stays_over_and_nothing_happens_twice(model: Model, data: Any):
    run = Driver(model, START, reload=False, step_budget=60)
    execution, now = run.execution, BEGIN
    gone: list[Standing] = []
    counted: Counter[tuple[Any, str]] = Counter()
    for _ in range(25):
        open_ = choices(execution)
        if not open_:
            break
        wait = data.draw(st.sampled_from(open_))
        now += timedelta(days=1)
        if wait.kind == "job" and data.draw(st.booleans()):
            execution.fail(wait.token_id, ConnectorFailed("kapot"), now)
        else:
            act(execution, wait, {"v": data.draw(st.integers(0, 2))}, now)
        check_invariants(execution)
        alive = {w.token_id for w in standing(execution)}
        gone += [w for w in open_ if w.token_id not in alive]
        for old in gone[-3:]:
            before = state.dump(execution)
            try:
                act(execution, old, {}, now)
            except NotWaiting:
                assert state.dump(execution) == before
            else:
                raise AssertionError(f"{old.element_id} was over")
        for effect in execution.take_effects():
            if isinstance(effect, Happening) and effect.type in ("completed", "cancelled"):
                counted[effect.token_id, "end"] += 1
    assert all(number == 1 for number in counted.values())


def is_needed(run: Driver, wait: Standing) -> bool:
    """Whether the way on leads through it; boundary events and the like may or may not happen."""
    if wait.host_id is None or wait.kind in ("user", "job"):
        return True
    return run.definition.element(wait.host_id).kind is Kind.EVENT_BASED_GATEWAY


@given(model=block_models(), data=st.data())
@SETTINGS
def test_whoever_keeps_working_comes_to_the_end(model: Model, data: Any):
    """Blocks cannot deadlock: with ``v`` at 2 all loops end and all conditions hold."""
    run = Driver(model, START, reload=False, step_budget=200)
    now = BEGIN
    run.execution.set_variables({"v": 2}, now)
    for _ in range(200):
        open_ = [w for w in choices(run.execution) if w.kind != "incident" and is_needed(run, w)]
        if not open_:
            break
        now += timedelta(days=1)
        wait = open_[-1] if data.draw(st.booleans()) else open_[0]
        act(run.execution, wait, {"v": 2}, now)
        run.execution.set_variables({"v": 3}, now)
        run.execution.set_variables({"v": 2}, now)
        check_invariants(run.execution)
    incidents = [w for w in standing(run.execution) if w.kind == "incident"]
    note(f"{list(model.flows)} {[(w.kind, w.element_id) for w in standing(run.execution)]}")
    assert run.execution.status == "completed" or incidents
    assert {w.details["code"] for w in incidents} <= {"uncaught-error", "endless-loop"}
