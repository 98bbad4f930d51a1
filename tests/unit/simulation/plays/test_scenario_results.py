"""How a scenario goes in two versions, line by line beside each other."""

from __future__ import annotations

from engine.definitions.packages import Package
from engine.simulation.plays.outcomes import alike, beside, elements_to_cover, scenario_result
from tests.unit.simulation.plays.test_playing_by_hand import package
from tests.unit.simulation.test_playing import DIAGRAM, HEAD

LATE = (HEAD + "stappen: [{wacht: 4 dagen}, {taak: bezoek}, {taak: herinner}]").encode()


def result(of: Package, raw: bytes = LATE):
    return scenario_result(of, (), "scenarios/x.yaml", raw)


def test_the_same_version_twice_is_the_same():
    assert result(package()).passed
    assert alike(result(package()), result(package()))


def test_another_wait_shows_as_another_span_and_what_follows_at_another_moment():
    before, after = result(package()), result(package(DIAGRAM.replace(b"P3D", b"P2D")))
    assert not alike(before, after)
    kinds = [line.kind for line in beside(before, after) if line.kind != "same"]
    assert kinds == ["changed", "moved"]
    [span] = [line for line in beside(before, after) if line.kind == "changed"]
    assert span.before is not None
    assert span.after is not None
    assert (span.before.text[-7:], span.after.text[-7:]) == ("3 dagen", "2 dagen")


def test_what_only_one_version_does_stands_alone():
    without = DIAGRAM.replace(
        b'sourceRef="te-laat" targetRef="herinner"', b'sourceRef="te-laat" targetRef="einde"'
    )
    before, after = result(package()), result(package(without))
    assert (before.passed, after.passed) == (True, False)
    assert "before" in {line.kind for line in beside(before, after)}
    assert ("proef", "herinner") in before.reached - after.reached


def test_a_scenario_that_cannot_be_read_or_a_package_that_is_broken_is_a_result_with_a_reason():
    for one in (result(package(), b"naam: [x"), result(package(b"<geen bpmn"))):
        assert not one.passed
        assert one.error is not None


def test_the_elements_to_cover_name_why_some_are_not_tested():
    covers = elements_to_cover(package())
    assert "herinner" in {one.id for one in covers["proef"]}
