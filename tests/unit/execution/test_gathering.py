"""What comes late to a complex gateway ends no scope in which something else goes on."""

from __future__ import annotations

from engine.definitions.model import AdHoc, Kind
from engine.execution.effects import Happening
from tests.unit.execution.models import Driver, Model, line


def gathered(*more: str) -> Model:
    """Two ways of which one is enough; the second brings ``more`` as well, after it came there."""
    model = Model().both("splits").user("a", "b", "na", *more)
    model.add(Kind.COMPLEX_GATEWAY, "genoeg", activation="=activationCount >= 1")
    line(model, "splits", "a", "genoeg", "na").flow("splits", "b", "genoeg")
    for element in more:
        model.flow("b", element, "end")
    return model


def test_an_end_is_told_once_when_the_last_to_come_went_no_further():
    run = Driver(gathered()).complete("a").complete("na").complete("b")
    assert run.status == "completed"
    ends = [e for e in run.effects if isinstance(e, Happening) and e.type == "ended"]
    assert len(ends) == 1


def test_a_way_that_parts_from_what_came_too_late_goes_on():
    run = Driver(gathered("verder")).complete("a").complete("na").complete("b")
    assert run.open == ["verder"]
    assert run.complete("verder").status == "completed"


def test_a_way_that_parts_inside_a_sub_process_goes_on():
    model = Model().sub("deel").user("daarna")
    line(model, "deel", "daarna")
    model.start("in", "deel").end("uit", "deel").both("splits", parent="deel")
    model.user("a", "b", "na", "verder", parent="deel")
    model.add(Kind.COMPLEX_GATEWAY, "genoeg", "deel", activation="=activationCount >= 1")
    model.flow("in", "splits", "a", "genoeg", "na", "uit").flow("splits", "b", "genoeg")
    model.flow("b", "verder", "uit")
    run = Driver(model).complete("a").complete("na").complete("b")
    assert run.open == ["verder"]
    assert run.complete("verder").open == ["daarna"]


def test_an_ad_hoc_sub_process_goes_on_with_its_list_after_the_last_to_come():
    model = Model().add(
        Kind.AD_HOC_SUB_PROCESS, "vrij", ad_hoc=AdHoc('=["splits", "later"]', sequential=True)
    )
    line(model, "vrij")
    model.both("splits", parent="vrij").user("a", "b", "na", "later", parent="vrij")
    model.add(Kind.COMPLEX_GATEWAY, "genoeg", "vrij", activation="=activationCount >= 1")
    model.flow("splits", "a", "genoeg", "na").flow("splits", "b", "genoeg")
    run = Driver(model).complete("a").complete("na").complete("b")
    assert run.open == ["later"]
    assert run.complete("later").status == "completed"


def test_an_ad_hoc_sub_process_goes_on_when_nothing_that_is_awaited_can_come():
    model = Model().add(
        Kind.AD_HOC_SUB_PROCESS, "vrij", ad_hoc=AdHoc('=["splits", "later"]', sequential=True)
    )
    line(model, "vrij")
    model.both("splits", parent="vrij").xor("kies", parent="vrij", default_flow="kies-weg")
    model.user("a", "b", "na", "later", parent="vrij").task("weg", parent="vrij")
    model.add(Kind.COMPLEX_GATEWAY, "genoeg", "vrij", activation="=activationCount >= 1")
    model.flow("splits", "a", "genoeg", "na").flow("splits", "b", "kies", "weg")
    model.flow("kies", "genoeg", when="=v = 1")
    run = Driver(model, {"v": 0}).complete("a").complete("na").complete("b")
    assert run.open == ["later"]
    assert run.complete("later").status == "completed"
