"""What a person does against the drawn course: skip, repeat, move; and that nothing hangs by it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from engine.definitions.model import Kind, UserWork
from engine.execution import overrides, state
from engine.execution.effects import ChildCancelled, Happening
from engine.execution.errors import ExecutionError, MendRefused
from engine.execution.standing import standing
from tests.unit.execution.models import BEGIN, Driver, Model, check_invariants, each, line, timer
from tests.unit.execution.random_models import block_models, loose_models
from tests.unit.execution.test_random_models import SETTINGS, START, act, choices, is_needed

FEWER = settings(SETTINGS, max_examples=25)


def token_at(run: Driver, element_id: str) -> Any:
    return run.execution.tasks[run.one(element_id).token_id]


def settle(run: Driver) -> Driver:
    run.execution.look_again(run.now)
    return run._settle()


def mended(run: Driver) -> list[tuple[str, dict[str, Any]]]:
    return [
        (e.element_id, dict(e.data))
        for e in run.effects
        if isinstance(e, Happening) and "mend" in e.data
    ]


def three() -> Model:
    model = Model().user("a", "b", "c", user=UserWork(due_date="P3D"))
    return line(model, "a", "b", "c").on("b", "laat", timer("P1D"), interrupting=False)


def parallel() -> Model:
    model = Model().user("a", "b", "c", "na").both("splits", "samen")
    line(model, "splits", "a", "samen", "na")
    return model.flow("splits", "b", "c", "samen").end("stil").user("los").flow("los", "stil")


def test_a_skipped_step_goes_on_behind_it_and_tells_so():
    run = Driver(three())
    overrides.skip(token_at(run, "a"), {})
    assert settle(run).open == ["b", "laat"]
    assert mended(run) == [("a", {"mend": "skipped", "flows": ["a-b"]})]
    assert run.complete("b").complete("c").status == "completed"


def test_what_the_work_would_have_given_can_be_given_with_the_skip():
    model = Model().user("a", outputs={"uit": "=besluit"}).user("ja", "nee").xor("keuze")
    line(model, "a", "keuze", "nee").end("klaar")
    model.flow("keuze", "ja", when='=uit = "ja"').flow("ja", "klaar")
    model.elements["keuze"] = replace(model.elements["keuze"], default_flow="keuze-nee")
    run = Driver(model)
    overrides.skip(token_at(run, "a"), {"besluit": "ja"})
    assert settle(run).open == ["ja"]
    assert run.variables == {"uit": "ja"}


def test_a_repeated_step_is_a_new_task_with_a_new_due_time():
    run = Driver(three())
    before = run.one("a")
    run.wait(timedelta(days=2))
    overrides.repeat(token_at(run, "a"))
    run.execution.look_again(run.now)
    after = run._settle().one("a")
    assert after.token_id != before.token_id
    assert (before.due_at, after.due_at) == (BEGIN + timedelta(days=3), BEGIN + timedelta(days=5))


def test_a_token_moves_back_and_forth_with_what_hangs_on_the_step():
    run = Driver(three())
    run.complete("a")
    assert run.open == ["b", "laat"]
    overrides.move(token_at(run, "b"), "a")
    assert settle(run).open == ["a"]
    overrides.move(token_at(run, "a"), "c")
    assert settle(run).open == ["c"]
    assert [told["to"] for _, told in mended(run)] == ["a", "c"]


def test_what_a_called_part_did_is_ended_when_the_call_is_left():
    model = line(Model().user("na"), "roep", "na")
    model.add(Kind.CALL_ACTIVITY, "roep", called_process="kind")
    run = Driver(model)
    overrides.skip(token_at(run, "roep"), {})
    settle(run)
    assert len(run.effects_of(ChildCancelled)) == 1
    assert run.open == ["na"]


def test_a_move_past_a_join_is_refused_because_the_other_way_would_wait_for_ever():
    run = Driver(parallel())
    assert {one.id for one in overrides.targets(token_at(run, "a"))} == {"los", "stil"} - {
        "los",
        "stil",
    }
    with pytest.raises(MendRefused, match="samen"):
        overrides.move(token_at(run, "a"), "na")
    assert {one.id for one in overrides.targets(token_at(run, "b"))} == {"c"}


@pytest.mark.parametrize("borders", ["", "bcd"])
@pytest.mark.parametrize("inner", [Kind.PARALLEL_GATEWAY, Kind.INCLUSIVE_GATEWAY])
def test_a_way_is_not_moved_back_where_the_others_would_come_twice(inner: Kind, borders: str):
    model = Model().start().task("vooraf").both("splits", "samen").user("a", "b", "c", "d").end()
    model.add(inner, "binnen").add(inner, "buiten")
    model.flow("start", "vooraf", "splits", "a", "samen", "end").flow("splits", "d", "samen")
    model.flow("splits", "binnen", "b", "buiten", "samen").flow("binnen", "c", "buiten")
    for host in borders:  # so many things may happen that not all can be looked at
        model.on(host, f"{host}-rand", timer("P1D"), interrupting=False)
        model.end(f"{host}-eind").flow(f"{host}-rand", f"{host}-eind")
    run = Driver(model).complete("a").complete("d")
    waiting = run.execution.tasks[run.all("samen")[0].token_id]
    assert "vooraf" not in [one.id for one in overrides.targets(waiting)]
    with pytest.raises(MendRefused):
        overrides.move(waiting, "vooraf")


def test_a_way_that_stands_still_at_a_join_may_be_moved_on():
    model = Model().user("a", "na").both("samen").xor("keuze")
    line(model, "keuze", "a", "samen", "na")
    model.flow("keuze", "samen", when="=false", name="nooit")
    model.elements["keuze"] = replace(model.elements["keuze"], default_flow="keuze-a")
    run = Driver(model).complete("a")
    assert [w.kind for w in run.waits] == ["join"]
    overrides.move(token_at(run, "samen"), "na")
    assert settle(run).open == ["na"]
    assert mended(run)[0][1] == {"mend": "moved", "to": "na", "unentered": True}


def test_one_round_of_many_is_skipped_or_done_again_and_the_others_stay():
    model = line(Model().user("ronde", loop=each("=lijst")).user("na"), "ronde", "na")
    run = Driver(model, {"lijst": [1, 2, 3]})
    first, second, third = run.all("ronde", "user")
    overrides.skip(run.execution.tasks[first.token_id], {})
    settle(run)
    overrides.repeat(run.execution.tasks[second.token_id])
    settle(run)
    assert len(run.all("ronde", "user")) == 2
    seen = {run.execution.tasks[w.token_id].data["item"] for w in run.all("ronde", "user")}
    assert seen == {2, 3}
    assert overrides.targets(run.execution.tasks[third.token_id]) == []
    run.complete("ronde")
    assert run.complete("ronde").open == ["na"]


def test_an_incident_can_be_skipped():
    model = line(Model().catch("fout", timer("=geen")).user("na"), "fout", "na")
    run = Driver(model)
    assert run.incidents == ["fout"]
    overrides.skip(token_at(run, "fout"), {})
    assert settle(run).open == ["na"]


def test_what_cannot_be_mended_is_refused_and_changes_nothing():
    model = three().xor("keuze")
    run = Driver(model)
    before = state.dump(run.execution)
    for wrong in ("onbekend", "start", "laat", "a"):
        with pytest.raises(MendRefused):
            overrides.move(token_at(run, "a"), wrong)
    run.complete("a")
    with pytest.raises(MendRefused):
        overrides.skip(token_at(run, "laat"), {})
    with pytest.raises(MendRefused):
        overrides.repeat(run.execution.root)
    assert state.dump(run.execution) != before


def mend_at_random(run: Driver, data: Any) -> str | None:
    """One mend at a random place; what it was, or ``None`` when it was refused."""
    places = [t for t in run.execution.walk() if t is not run.execution.root]
    if not places:
        return None
    token = data.draw(st.sampled_from(places))
    how = data.draw(st.sampled_from(["skip", "repeat", "move"]))
    raw = state.dump(run.execution)
    try:
        if how == "skip":
            overrides.skip(token, {})
        elif how == "repeat":
            overrides.repeat(token)
        else:
            found = overrides.targets(token)
            if not found:
                return None
            overrides.move(token, data.draw(st.sampled_from(found)).id)
    except MendRefused:
        assert state.dump(run.execution) == raw
        return None
    except ExecutionError:  # what is behind it cannot be chosen: whoever asked undoes it all
        run.execution = state.load(run.definition, raw, run.now, step_budget=60)
        run.execution.take_effects()
        return None
    run.execution.look_again(run.now)
    return f"{how} {token.element.id}"


@given(model=st.one_of(block_models(), loose_models()), data=st.data())
@FEWER
def test_any_mend_at_any_time_leaves_the_instance_sound(model: Model, data: Any):
    run = Driver(model, START, reload=False, step_budget=60)
    opened: Counter[Any] = Counter()
    closed: Counter[Any] = Counter()
    for _ in range(20):
        if run.status != "active":
            break
        if data.draw(st.booleans()):
            note(str(mend_at_random(run, data)))
        elif open_ := choices(run.execution):
            run.now += timedelta(days=1)
            act(run.execution, data.draw(st.sampled_from(open_)), {"v": 2}, run.now)
        run._store()
        raw = state.dump(run.execution)
        again = state.load(run.definition, raw, run.now, step_budget=60)
        assert state.dump(again) == raw
    for effect in run.effects:
        if isinstance(effect, Happening):
            opened[effect.token_id] += effect.type == "activated"
            closed[effect.token_id] += effect.type in ("completed", "cancelled")
    assert max(closed.values(), default=0) <= 1
    alive = {t.id for t in run.execution.walk()} if run.status == "active" else set()
    lost = {token for token in opened if opened[token] and not closed[token]} - alive
    assert not lost - {run.execution.root.id}


@given(model=block_models(), data=st.data())
@FEWER
def test_after_any_mends_whoever_keeps_working_still_comes_to_the_end(model: Model, data: Any):
    """Blocks cannot deadlock, so no mend may make one that does."""
    run = Driver(model, START, reload=False, step_budget=200)
    run.execution.set_variables({"v": 2}, run.now)
    for _ in range(6):
        if run.status == "active":
            note(str(mend_at_random(run, data)))
            run._store()
    for _ in range(200):
        open_ = [w for w in choices(run.execution) if w.kind != "incident" and is_needed(run, w)]
        if not open_:
            break
        run.now += timedelta(days=1)
        act(run.execution, open_[0], {"v": 2}, run.now)
        run.execution.set_variables({"v": 3}, run.now)
        run.execution.set_variables({"v": 2}, run.now)
        check_invariants(run.execution)
    incidents = [w for w in standing(run.execution) if w.kind == "incident"]
    note(f"{list(model.flows)} {[(w.kind, w.element_id) for w in standing(run.execution)]}")
    assert run.status == "completed" or incidents
