"""Ad-hoc sub-processes: what begins, what ends them, and what persons and other versions do."""

from __future__ import annotations

from typing import Any

import pytest

from engine.definitions.model import AdHoc, Kind
from engine.execution import overrides
from engine.execution.migration import Plan, check, migrate
from tests.unit.execution.models import Driver, Model, line, message, timer

BOTH = '=["a","b"]'


def model(active: str = BOTH, *, ids: tuple[str, ...] = ("a", "b"), **fields: Any) -> Model:
    made = Model().add(Kind.AD_HOC_SUB_PROCESS, "h", ad_hoc=AdHoc(active, **fields))
    return line(made.user(*ids, parent="h").user("na"), "h", "na")


def open_at(run: Driver) -> list[str]:
    return sorted(wait.element_id for wait in run.waits if wait.kind == "user")


def test_what_the_list_names_begins_and_the_last_that_is_done_ends_it():
    run = Driver(model())
    assert open_at(run) == ["a", "b"]
    run.complete("b")
    assert open_at(run) == ["a"]
    assert open_at(run.complete("a")) == ["na"]


def test_the_list_may_be_a_variable_and_leave_things_out_or_name_them_twice():
    assert open_at(Driver(model("=keuze"), {"keuze": ["b", "b"]})) == ["b", "b"]


@pytest.mark.parametrize("chosen", [[], ["x"], "a", None, ["na"], [["a"]]])
def test_a_list_with_nothing_to_begin_is_an_incident_that_can_be_mended(chosen: Any):
    run = Driver(model("=keuze"), {"keuze": chosen})
    assert run.incidents == ["h"]
    assert open_at(run.set(keuze=["a"]).retry("h")) == ["a"]


def test_only_what_no_arrow_leads_to_begins_and_a_path_is_followed_to_its_end():
    drawn = model('=["a"]', condition="=klaar").flow("a", "b")
    run = Driver(drawn, {"klaar": True})
    assert open_at(run.complete("a")) == ["b"]
    assert open_at(run.complete("b")) == ["na"]
    assert Driver(model('=["b"]').flow("a", "b")).incidents == ["h"]


@pytest.mark.parametrize("cancels", [True, False])
def test_what_holds_ends_it_with_or_without_what_still_goes_on(cancels: bool):
    run = Driver(model(condition="=klaar", cancel_remaining=cancels), {"klaar": False})
    run.complete("a", {"klaar": True})
    assert open_at(run) == (["na"] if cancels else ["b"])
    if not cancels:
        assert open_at(run.complete("b")) == ["na"]


def test_it_waits_until_the_condition_holds():
    run = Driver(model(condition="=klaar"), {"klaar": False})
    run.complete("a").complete("b")
    assert [w.kind for w in run.all("h")] == ["condition"]
    assert open_at(run.set(klaar=True)) == ["na"]


def test_a_condition_that_has_no_value_is_an_incident_where_the_path_ends():
    run = Driver(model(condition="=klaar"))
    run.complete("a")
    assert run.incidents == ["a"]
    assert open_at(run.set(klaar=True).retry("a")) == ["na"]


def test_one_by_one_in_the_order_of_the_list():
    run = Driver(model('=["b","a","b"]', sequential=True))
    for expected in ("b", "a", "b"):
        assert open_at(run) == [expected]
        run.complete(expected)
    assert open_at(run) == ["na"]


def test_the_next_does_not_begin_when_it_has_been_enough():
    run = Driver(model(sequential=True, condition="=klaar"), {"klaar": False})
    assert open_at(run.complete("a", {"klaar": True})) == ["na"]


def test_a_timer_on_its_border_breaks_it_off():
    run = Driver(model().on("h", "t", timer("PT1H")).user("later").flow("t", "later"))
    assert open_at(run.fire("t")) == ["later"]


def test_what_an_event_begins_in_it_keeps_it_open():
    drawn = model().handler("v", "vs", message("m"), "h", interrupting=False)
    run = Driver(drawn.user("extra", parent="v").flow("vs", "extra"))
    run.deliver("vs").complete("a").complete("b")
    assert open_at(run) == ["extra"]
    assert open_at(run.complete("extra")) == ["na"]


@pytest.mark.parametrize("fields", [{"sequential": True}, {"condition": "=klaar"}])
def test_what_an_event_begins_instead_of_it_is_all_that_is_left_to_do(fields: dict[str, Any]):
    drawn = model(**fields).handler("v", "vs", message("m"), "h")
    run = Driver(drawn.user("extra", parent="v").flow("vs", "extra"), {"klaar": False})
    run.deliver("vs")
    assert open_at(run) == ["extra"]
    assert open_at(run.complete("extra")) == ["na"]


@pytest.mark.parametrize("cancels", [True, False])
def test_what_an_event_began_while_it_waited_is_stopped_and_told_or_awaited(cancels: bool):
    drawn = model(condition="=klaar", cancel_remaining=cancels)
    drawn.handler("v", "vs", message("m"), "h", interrupting=False)
    run = Driver(drawn.user("extra", parent="v").flow("vs", "extra"), {"klaar": False})
    run.complete("a").complete("b").deliver("vs").set(klaar=True)
    assert open_at(run) == (["na"] if cancels else ["extra"])
    assert run.told("cancelled") == (["extra", "v"] if cancels else [])
    if not cancels:
        assert open_at(run.complete("extra")) == ["na"]


def test_an_event_takes_the_place_of_waiting_until_it_has_been_enough():
    drawn = model(condition="=klaar").handler("v", "vs", message("m"), "h")
    run = Driver(drawn.user("extra", parent="v").flow("vs", "extra"), {"klaar": False})
    run.complete("a").complete("b").deliver("vs").set(klaar=True)
    assert open_at(run) == ["extra"]
    assert open_at(run.complete("extra")) == ["na"]


def test_a_step_that_is_skipped_brings_the_next():
    run = Driver(model(sequential=True))
    overrides.skip(run.execution.tasks[run.one("a").token_id], {})
    run.execution.look_again(run.now)
    run._settle()
    assert open_at(run) == ["b"]


def test_what_waits_for_its_turn_goes_to_another_version_by_its_new_name():
    run = Driver(model(sequential=True))
    after = Driver(model('=["a","c"]', ids=("a", "c"), sequential=True)).definition
    assert [reason.element_id for reason in check(run.execution, after)] == ["h"]
    run.execution = migrate(run.execution, after, run.now, Plan(renamed={"b": "c"}))
    run.definition = after
    assert open_at(run.complete("a")) == ["c"]


def test_waiting_follows_the_condition_of_another_version():
    run = Driver(model(condition="=klaar"), {"klaar": False, "genoeg": True})
    run.complete("a").complete("b")
    run.definition = Driver(model(condition="=genoeg")).definition
    run.execution = migrate(run.execution, run.definition, run.now)
    assert open_at(run._settle()) == ["na"]
