"""A person moves a token into a sub-process or out of one: what begins, stops or is refused."""

from __future__ import annotations

import pytest

from engine.execution import destinations, overrides, state
from engine.execution.errors import MendRefused, StopsMore
from tests.unit.execution.models import Driver, Model, each, line, message, timer
from tests.unit.execution.test_overrides import mended, settle, token_at


def phases(deadline: str = "P30D", **fields: object) -> Model:
    """A task, then a phase with a deadline in which two things go on side by side, then a task."""
    model = line(Model().user("voor", "na").sub("fase", **fields), "voor", "fase", "na")
    model.on("fase", "te-lang", timer(deadline), interrupting=False).end("eind-te-lang")
    model.flow("te-lang", "eind-te-lang")
    model.both("splits", "samen", parent="fase").user("links", "rechts", "slot", parent="fase")
    model.flow("splits", "rechts", "samen")
    return line(
        model, "splits", "links", "samen", "slot", parent="fase", tag="-fase"
    )  # fmt: skip


def ids(run: Driver, element_id: str) -> set[str]:
    return {one.id for one in overrides.targets(token_at(run, element_id))}


def test_a_sub_process_is_entered_with_its_inputs_and_what_hangs_on_it():
    model = phases(inputs={"weken": "=4 + 1"})
    model.handler("gevaar", "start-gevaar", message("gevaar"), "fase")
    run = Driver(model)
    overrides.move(token_at(run, "voor"), "slot", also=())
    assert settle(run).open == ["slot", "start-gevaar", "te-lang"]
    token = token_at(run, "slot")
    assert token.scope.data == {"weken": 5}
    assert mended(run) == [("voor", {"mend": "moved", "to": "fase", "into": ["slot"]})]
    raw = state.dump(run.execution)
    assert state.dump(state.load(run.definition, raw, run.now)) == raw
    assert run.complete("slot").open == ["na"]


def test_a_place_inside_where_another_way_would_be_waited_for_is_refused():
    run = Driver(phases())
    with pytest.raises(MendRefused, match="samen"):
        overrides.move(token_at(run, "voor"), "links")
    assert ids(run, "voor") == {"fase", "na", "end", "eind-te-lang", "splits", "slot", "end-fase"}


def test_leaving_stops_all_else_inside_and_only_when_that_was_seen():
    run = Driver(phases()).complete("voor")
    before = state.dump(run.execution)
    way = destinations.way_to(token_at(run, "links"), "na")
    assert [one.element.id for one in way.stops.values()] == ["rechts"]
    with pytest.raises(StopsMore):
        overrides.move(token_at(run, "links"), "na", also=())
    assert state.dump(run.execution) == before
    overrides.move(token_at(run, "links"), "na", also=way.stops)
    assert settle(run).open == ["na"]
    assert mended(run) == [("fase", {"mend": "moved", "to": "na"})]


def test_a_token_goes_from_one_sub_process_into_a_deeper_one():
    model = Model().sub("een").sub("twee").sub("diep", parent="twee")
    line(model, "een", "twee")
    line(model.user("a", parent="een"), "a", parent="een", tag="-een")
    line(model, "diep", parent="twee", tag="-twee")
    line(model.user("b", "c", parent="diep"), "b", "c", parent="diep", tag="-diep")
    run = Driver(model)
    overrides.move(token_at(run, "a"), "c", also=())
    assert settle(run).open == ["c"]
    assert mended(run) == [("een", {"mend": "moved", "to": "twee", "into": ["diep", "c"]})]
    assert run.complete("c").status == "completed"


def test_what_is_repeated_or_runs_already_is_not_entered_and_an_event_is_not_left():
    run = Driver(phases(loop=each("=lijst")), {"lijst": [1, 2]})
    with pytest.raises(MendRefused, match="herhaald"):
        overrides.move(token_at(run, "voor"), "slot")
    model = Model().both("splits").user("los").sub("fase").end("los-eind")
    line(model, "splits", "fase")
    line(model.user("in", parent="fase"), "in", parent="fase", tag="-fase")
    model.flow("splits", "los", "los-eind")
    model.handler("gevaar", "start-gevaar", message("gevaar")).user("red", parent="gevaar")
    model.end("eind-gevaar", "gevaar").flow("start-gevaar", "red", "eind-gevaar")
    run = Driver(model)
    with pytest.raises(MendRefused, match="loopt al"):
        overrides.move(token_at(run, "los"), "in")
    run.deliver("start-gevaar")
    with pytest.raises(MendRefused, match="gebeurtenis"):
        overrides.move(token_at(run, "red"), "los")


def test_all_rounds_of_a_repeated_sub_process_are_left_together():
    run = Driver(phases(loop=each("=lijst")), {"lijst": [1, 2]}).complete("voor")
    first, _second = run.all("links", "user")
    token = run.execution.tasks[first.token_id]
    way = destinations.way_to(token, "na")
    assert sorted(one.element.id for one in way.stops.values()) == [
        "fase", "links", "rechts", "rechts",
    ]  # fmt: skip
    overrides.move(token, "na", also=way.stops)
    assert settle(run).open == ["na"]


def test_what_fails_at_the_door_is_tried_again_at_the_same_place():
    run = Driver(phases("=lengte"))
    overrides.move(token_at(run, "voor"), "slot", also=())
    assert settle(run).incidents == ["fase"]
    assert run.set(lengte="P9D").retry("fase").open == ["slot", "te-lang"]
