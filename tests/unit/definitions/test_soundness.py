"""Soundness: what gets stuck, never ends or is done twice, by examples and against the engine."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.definitions.model import Event, Kind, Trigger
from engine.definitions.soundness import ScopeVerdict, judge
from engine.definitions.soundness.judgement import Judgement
from engine.definitions.soundness.net import net_of
from engine.definitions.soundness.reduction import reduce_net
from engine.definitions.soundness.search import explore
from engine.execution.standing import standing
from tests.unit.execution.models import BEGIN, TERMINATE, Driver, Model, error, message, timer
from tests.unit.execution.random_models import block_models, loose_models
from tests.unit.execution.test_random_models import act, choices

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


def verdict(model: Model, scope: str = "P", **more: Any) -> ScopeVerdict:
    (found,) = [one for one in judge(model.process(), **more) if one.scope == scope]
    return found


def stuck(model: Model, scope: str = "P") -> set[str]:
    return {one.join for one in verdict(model, scope).stuck}


def doubled(model: Model) -> set[str]:
    return {one.merge for one in verdict(model).doubled}


def split_and_join(split: Kind, join: Kind) -> Model:
    model = Model().start().end().user("a", "b", "na")
    model.add(split, "splits").add(join, "samen")
    model.flow("start", "splits", "a", "samen").flow("splits", "b", "samen")
    return model.flow("samen", "na", "end")


def test_a_choice_before_a_parallel_join_is_stuck_with_the_way_there_and_what_is_missing():
    (one,) = verdict(split_and_join(Kind.EXCLUSIVE_GATEWAY, Kind.PARALLEL_GATEWAY)).stuck
    assert one.join == "samen"
    assert one.path == ("start", "splits", "a", "samen")
    assert one.missing == ("b-samen",)


@pytest.mark.parametrize(
    ("split", "join", "stuck_at", "doubled_at"),
    [
        (Kind.EXCLUSIVE_GATEWAY, Kind.EXCLUSIVE_GATEWAY, set(), set()),
        (Kind.PARALLEL_GATEWAY, Kind.PARALLEL_GATEWAY, set(), set()),
        (Kind.INCLUSIVE_GATEWAY, Kind.INCLUSIVE_GATEWAY, set(), set()),
        (Kind.EXCLUSIVE_GATEWAY, Kind.INCLUSIVE_GATEWAY, set(), set()),
        (Kind.PARALLEL_GATEWAY, Kind.INCLUSIVE_GATEWAY, set(), set()),
        (Kind.INCLUSIVE_GATEWAY, Kind.PARALLEL_GATEWAY, {"samen"}, set()),
        (Kind.PARALLEL_GATEWAY, Kind.EXCLUSIVE_GATEWAY, set(), {"samen"}),
        (Kind.INCLUSIVE_GATEWAY, Kind.EXCLUSIVE_GATEWAY, set(), {"samen"}),
    ],
)
def test_which_gateways_fit_together(
    split: Kind, join: Kind, stuck_at: set[str], doubled_at: set[str]
):
    model = split_and_join(split, join)
    assert stuck(model) == stuck_at
    assert doubled(model) == doubled_at


def test_a_deadline_that_leaves_a_parallel_branch_by_its_own_end_starves_the_join():
    model = split_and_join(Kind.PARALLEL_GATEWAY, Kind.PARALLEL_GATEWAY)
    model.on("a", "te-laat", timer("P1D")).end("weg").flow("te-laat", "weg")
    assert stuck(model) == {"samen"}


def test_a_deadline_that_comes_back_to_its_branch_or_ends_everything_starves_nothing():
    back = split_and_join(Kind.PARALLEL_GATEWAY, Kind.PARALLEL_GATEWAY)
    back.on("a", "te-laat", timer("P1D")).flow("te-laat", "a")
    assert stuck(back) == set()
    over = split_and_join(Kind.PARALLEL_GATEWAY, Kind.PARALLEL_GATEWAY)
    over.on("a", "te-laat", timer("P1D")).end("weg", event=TERMINATE).flow("te-laat", "weg")
    assert stuck(over) == set()


def test_a_deadline_beside_the_work_is_no_reason_for_alarm_even_in_a_loop():
    model = Model().start().end().xor("kop", "keuze").user("werk", "kijk").end("klaar")
    model.flow("start", "kop", "werk", "keuze", "kop").flow("keuze", "end")
    model.on("werk", "te-laat", timer("P1D"), interrupting=False).flow("te-laat", "kijk", "klaar")
    found = verdict(model)
    assert (found.stuck, found.doubled, found.endless, found.dead) == ((), (), (), ())


def test_a_reminder_that_joins_the_main_way_makes_it_run_again():
    model = Model().start().end().user("werk", "na").xor("samen")
    model.flow("start", "werk", "samen", "na", "end")
    model.on("werk", "herinner", timer("P1D"), interrupting=False).flow("herinner", "samen")
    assert doubled(model) == {"samen"}


def test_joins_that_wait_for_each_other_are_both_named_and_one_that_waits_for_another_is_not():
    circle = Model().start().end().both("f", "x", "y").user("a", "b")
    circle.flow("start", "f", "x", "a", "y", "b", "x").flow("f", "y").flow("a", "end")
    assert stuck(circle) <= {"x", "y"}
    assert stuck(circle)
    behind = split_and_join(Kind.EXCLUSIVE_GATEWAY, Kind.PARALLEL_GATEWAY)
    behind.both("eerst", "laatst").user("c")
    behind.flow("eerst", "c", "laatst").flow("na", "laatst").flow("laatst", "end")
    del behind.flows["na-end"], behind.flows["start-splits"]
    behind.flow("start", "eerst", "splits")
    assert stuck(behind) == {"samen"}


def test_a_loop_without_a_way_out_is_endless_and_names_its_entry():
    model = Model().start().end().xor("kop", "keuze").user("werk", "ander")
    model.flow("start", "keuze", "kop", "werk", "kop").flow("keuze", "ander", "end")
    (one,) = verdict(model).endless
    assert one.entry in {"kop", "werk"}
    assert set(one.elements) == {"kop", "werk"}


def test_a_loop_that_an_event_can_leave_is_not_endless():
    model = Model().start().end().xor("kop").user("werk").flow("start", "kop", "werk", "kop")
    model.on("werk", "klaar", message("klaar")).flow("klaar", "end")
    assert verdict(model).endless == ()


def test_a_sub_process_counts_as_a_task_and_is_judged_inside():
    model = Model().start().end().sub("deel").flow("start", "deel", "end")
    model.start("s", "deel").end("e", "deel").user("a", "b", parent="deel")
    model.xor("x", parent="deel").both("y", parent="deel")
    model.flow("s", "x", "a", "y", "e").flow("x", "b", "y")
    assert stuck(model, "deel") == {"y"}
    assert stuck(model) == set()


def test_a_sub_process_that_always_throws_is_left_by_what_catches_it():
    model = Model().start().end().end("anders").sub("deel").user("na")
    model.flow("start", "deel", "na", "end")
    model.start("s", "deel").end("e", "deel", event=error("X")).flow("s", "e")
    model.on("deel", "gevangen", error("X")).flow("gevangen", "anders")
    model.on("deel", "niet", error("Y")).flow("niet", "anders")
    found = verdict(model)
    assert set(found.dead) == {"na", "end", "niet"}
    assert found.stuck == ()


def test_what_runs_beside_a_sub_process_that_always_throws_is_not_dead():
    model = Model().start().end().end("herinnerd").sub("deel").flow("start", "deel", "end")
    model.start("s", "deel").end("e", "deel", event=error("X")).flow("s", "e")
    model.on("deel", "herinner", timer("P1D"), interrupting=False).flow("herinner", "herinnerd")
    assert set(verdict(model).dead) == {"end"}


def test_a_sub_process_that_only_throws_is_completed_by_what_interrupts_it():
    model = Model().start().end().sub("deel").flow("start", "deel", "end")
    model.start("s", "deel").end("e", "deel", event=error("X")).flow("s", "e")
    model.handler("anders", "bericht", message("anders"), "deel").end("klaar", "anders")
    model.flow("bericht", "klaar")
    assert verdict(model).dead == ()


def test_a_join_after_a_branch_that_always_throws_is_not_stuck_by_what_runs_beside_it():
    model = split_and_join(Kind.PARALLEL_GATEWAY, Kind.PARALLEL_GATEWAY)
    del model.elements["a"]
    model.sub("a").start("s", "a").end("e", "a", event=error("X")).flow("s", "e")
    model.on("a", "herinner", timer("P1D"), interrupting=False).end("klaar")
    model.flow("herinner", "klaar")
    assert stuck(model) == set()


@pytest.mark.parametrize("tokens", [1, 2, 3, 5])
def test_however_many_tokens_come_to_a_join_by_one_way_it_waits_for_the_other(tokens: int):
    model = Model().start().end().both("splits", "samen").xor("bijeen").user("a", "nooit")
    model.flow("start", "splits").flow("bijeen", "a", "samen", "end").flow("nooit", "samen")
    for number in range(tokens):
        model.user(f"w{number}").flow("splits", f"w{number}", "bijeen")
    (one,) = verdict(model).stuck
    assert (one.join, one.missing) == ("samen", ("nooit-samen",))


def test_tokens_that_crowd_before_a_join_are_not_stuck_while_something_can_end_it_all():
    model = Model().start().end().both("splits", "samen").xor("bijeen").user("a", "nooit", "b")
    model.flow("start", "splits").flow("bijeen", "a", "samen", "end").flow("nooit", "samen")
    model.end("over", event=TERMINATE).flow("splits", "b", "over")
    for number in range(3):
        model.user(f"w{number}").flow("splits", f"w{number}", "bijeen")
    assert stuck(model) == set()


def test_a_link_carries_the_token_on():
    model = Model().start().end().user("a")
    link = Event(Trigger.LINK, name="verder")
    model.throw("spring", link).catch("land", link)
    model.flow("start", "spring").flow("land", "a", "end")
    found = verdict(model)
    assert (found.stuck, found.dead, found.completes) == ((), (), True)


def test_a_search_that_reaches_its_bound_says_so_and_calls_nothing_dead_or_endless():
    model = Model().start().end().both("f")
    model.flow("start", "f")
    for number in range(8):
        work, end = f"w{number}", f"e{number}"
        model.user(work).end(end).xor(f"m{number}", f"k{number}")
        model.flow("f", f"m{number}", work, f"k{number}", f"m{number}").flow(f"k{number}", end)
    found = verdict(model, max_states=50)
    assert not found.complete
    assert found.states <= 51
    assert (found.stuck, found.endless, found.dead) == ((), (), ())


def test_well_nested_work_is_searched_in_a_few_states_however_wide_it_is():
    model = Model().start().end().both("f", "j").flow("start", "f").flow("j", "end")
    for number in range(30):
        model.user(f"a{number}", f"b{number}").flow("f", f"a{number}", f"b{number}", "j")
    found = verdict(model)
    assert found.complete
    assert found.states < 5


@given(model=st.one_of(block_models(), loose_models()), data=st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=SLOW)
def test_what_gets_stuck_when_run_was_foreseen_and_what_ran_was_not_called_dead(
    model: Model, data: Any
):
    verdicts = judge(model.process())
    dead = {element for one in verdicts for element in one.dead}
    run = Driver(model, {"v": 0, "lijst": [1, 2]}, reload=False, step_budget=60)
    now = BEGIN
    for _ in range(25):
        open_ = choices(run.execution)
        if run.execution.status == "completed" or not open_:
            break
        now += timedelta(days=1)
        wait = data.draw(st.sampled_from(open_))
        act(run.execution, wait, {"v": data.draw(st.integers(0, 2))}, now)
    seen = {getattr(effect, "element_id", None) for effect in run.execution.take_effects()}
    assert not seen & dead
    kinds = {wait.kind for wait in standing(run.execution)}
    if run.execution.status != "completed" and kinds <= {"join", "scope"}:
        assert any(one.stuck for one in verdicts)


@given(model=block_models())
@settings(max_examples=60, deadline=None, suppress_health_check=SLOW)
def test_nested_blocks_are_never_called_stuck(model: Model):
    assert all(not one.stuck and not one.endless for one in judge(model.process()))


@given(model=loose_models())
@settings(max_examples=100, deadline=None, suppress_health_check=SLOW)
def test_the_smaller_net_gives_the_same_verdict_as_the_whole_one(model: Model):
    process = model.process()

    def found(*, smaller: bool) -> ScopeVerdict:
        net = net_of(process, process.id, lambda _: True, lambda *_: True)
        if smaller:
            reduce_net(net)
        return Judgement(process, process.id, net, explore(net, 3_000)).verdict()

    small, whole = found(smaller=True), found(smaller=False)
    if small.complete and whole.complete:
        assert bool(small.stuck) == bool(whole.stuck)
        assert bool(small.endless) == bool(whole.endless)
        assert set(small.dead) == set(whole.dead)
        assert small.completes == whole.completes


def test_a_start_that_only_splits_and_an_element_without_flows_are_no_trouble():
    model = Model().start().end().user("a", "los").flow("start", "a", "end")
    model.elements["start"] = replace(model.elements["start"], name="Begin")
    assert verdict(model).stuck == ()
