"""A trajectory played by hand: moves, what can be seen, why it went so, and playing it anew."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from engine.definitions.neighbours import packages_beside
from engine.definitions.packages import Package, load_package
from engine.simulation.errors import PlayRefused
from engine.simulation.plays.given import given_from, given_text
from engine.simulation.plays.moves import Move, move_from
from engine.simulation.plays.recording import moves_of
from engine.simulation.plays.replaying import replay
from engine.simulation.plays.witness import Choice, values_in
from engine.simulation.scenario import read_scenario
from tests.unit.simulation.test_playing import DIAGRAM, FORM, HEAD, MANIFEST

BEGIN = datetime(2026, 1, 5, 8, tzinfo=UTC)
METHOD = Path(__file__).resolve().parents[4] / "processes" / "tussen-in"
REFERRAL = Move("ingang", "aanmelding", answers={"gezinsnaam": "Proefgezin"})
CHOOSES = DIAGRAM.replace(
    b'<bpmn:sequenceFlow id="s4" sourceRef="bezoek" targetRef="einde" />',
    b'<bpmn:sequenceFlow id="s4" sourceRef="bezoek" targetRef="hoe" />'
    b'<bpmn:exclusiveGateway id="hoe" name="Hoe nu?" default="anders" />'
    b'<bpmn:sequenceFlow id="ja" name="Via aanmelding" sourceRef="hoe" targetRef="einde">'
    b'<bpmn:conditionExpression>=kanaal = "aanmelding" and trajectId != null'
    b"</bpmn:conditionExpression></bpmn:sequenceFlow>"
    b'<bpmn:sequenceFlow id="anders" sourceRef="hoe" targetRef="herinner" />',
)


def package(diagram: bytes = DIAGRAM) -> Package:
    return Package(
        {"pakket.toml": MANIFEST, "formulieren/aanmelding.form": FORM, "proef.bpmn": diagram}
    )


def task(element_id: str, turn: int = 0) -> Move:
    return Move("taak", element_id, turn)


def wait(**span: int) -> Move:
    return Move("wacht", until=BEGIN + timedelta(**span))


def test_a_referral_gives_the_task_that_the_diagram_begins_with():
    played = replay(package(), (), BEGIN, [REFERRAL])
    assert [one.wait.element_id for one in played.world.tasks()] == ["bezoek"]
    assert played.world.next_due() == BEGIN + timedelta(days=3)


def test_waiting_lets_every_timer_on_the_way_go_off_at_its_own_time():
    played = replay(package(), (), BEGIN, [REFERRAL, wait(days=10)])
    [reminder] = [one for one in played.world.tasks() if one.wait.element_id == "herinner"]
    assert reminder.since == BEGIN + timedelta(days=3)
    assert played.world.clock.now() == BEGIN + timedelta(days=10)


def test_a_move_that_cannot_be_made_leaves_the_play_as_it_was_before():
    played = replay(package(), (), BEGIN, [REFERRAL, task("bezoek"), task("bezoek")])
    assert len(played.made) == 2
    assert played.stopped is not None
    assert played.stopped.where["element_id"] == "bezoek"
    assert played.world.tasks() == []


def test_a_choice_tells_which_condition_held_with_which_values():
    played = replay(package(CHOOSES), (), BEGIN, [REFERRAL, task("bezoek")])
    [choice] = [one for one in played.made[-1].reasons if isinstance(one, Choice)]
    taken, other = choice.verdicts
    assert (taken.name, taken.holds, taken.taken) == ("Via aanmelding", True, True)
    assert taken.values["kanaal"] == "aanmelding"
    assert (other.is_default, other.taken) == (True, False)


def test_a_condition_that_cannot_be_worked_out_stops_where_it_stands():
    broken = CHOOSES.replace(b'=kanaal = "aanmelding" and trajectId != null', b"=nergens")
    played = replay(package(broken), (), BEGIN, [REFERRAL, task("bezoek")])
    assert played.stopped is None
    assert [wait.kind for _instance, wait in played.world.waits()] == ["incident"]


def test_a_timer_that_begins_itself_anew_at_once_is_stopped():
    endless = (
        DIAGRAM.replace(b"P3D", b"PT0S")
        .replace(
            b'sourceRef="te-laat" targetRef="herinner"', b'sourceRef="te-laat" targetRef="tel"'
        )
        .replace(
            b'<bpmn:endEvent id="einde" />',
            b'<bpmn:endEvent id="einde" /><bpmn:intermediateCatchEvent id="tel">'
            b"<bpmn:timerEventDefinition><bpmn:timeDuration>PT0S</bpmn:timeDuration>"
            b"</bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
            b'<bpmn:sequenceFlow id="s9" sourceRef="tel" targetRef="tel" />',
        )
    )
    played = replay(package(endless), (), BEGIN, [REFERRAL, wait(days=1)])
    assert len(played.made) == 1
    assert "wachttijden" in str(played.stopped and played.stopped.message)


def test_a_package_that_cannot_be_read_refuses_the_first_move_with_a_reason():
    played = replay(package(b"<geen bpmn"), (), BEGIN, [REFERRAL])
    assert played.made == []
    assert played.stopped is not None


@pytest.mark.parametrize(
    "move",
    [
        REFERRAL,
        task("bezoek", 2),
        wait(days=3),
        Move("bericht", "stagnatie", answers={"soort": "x"}, key='=trajectId + ":a"'),
        Move("naast", "meldcode", role="werker"),
    ],
)
def test_a_move_comes_back_as_it_was_kept(move: Move):
    assert move_from(move.as_dict()) == move


def test_the_values_of_an_expression_are_its_paths_as_far_as_they_are_written():
    seen = {"zorgen": {"ernstig": 2}, "kanaal": "x"}
    found = values_in('=zorgen.ernstig > 1 and (kanaal = "x" or kanaal = "y")', seen, BEGIN)
    assert found == {"zorgen.ernstig": 2, "kanaal": "x"}


def test_a_scenario_played_as_moves_reaches_what_the_scenario_reaches():
    method = load_package(METHOD)
    others = packages_beside(METHOD).packages
    scenario = read_scenario(method.scenarios["scenarios/gezin-wil-niet.yaml"], "x.yaml")
    moves, played = moves_of(scenario, method, others)
    again = replay(method, others, scenario.begin, moves)
    assert played.passed
    assert again.stopped is None
    assert again.world.position().status == "closed"
    assert any(isinstance(r, Choice) for made in again.made for r in made.reasons)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", {}),
        ("ritme: 3\nnazorg: true", {"ritme": 3, "nazorg": True}),
        ('na: =duration("P4D")', {"na": '=duration("P4D")'}),
    ],
)
def test_what_a_caller_gives_is_read_from_lines(text: str, found: dict[str, object]):
    assert given_from(text) == found
    assert given_from(given_text(found)) == found


@pytest.mark.parametrize("text", ["los woord", "- lijst", "1: x", "a: [", "\x00"])
def test_lines_that_give_nothing_are_refused_with_how_to_write_them(text: str):
    with pytest.raises(PlayRefused, match="niet te lezen") as refused:
        given_from(text)
    assert "dubbele punt" in refused.value.remedy


def test_a_scenario_that_gets_stuck_is_walked_through_up_to_there():
    broken = CHOOSES.replace(b'=kanaal = "aanmelding" and trajectId != null', b"=nergens")
    raw = (HEAD + "stappen: [{taak: bezoek}, {taak: herinner}]").encode()
    moves, played = moves_of(read_scenario(raw, "x.yaml"), package(broken), ())
    assert [move.what for move in moves] == ["aanmelding", "bezoek"]
    assert not played.passed
    waits = replay(package(broken), (), BEGIN, moves).world.waits()
    assert [wait.kind for _instance, wait in waits] == ["incident"]
