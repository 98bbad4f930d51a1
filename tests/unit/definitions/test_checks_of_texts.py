"""What the check says about expressions, times, and what a mend proposes."""

from __future__ import annotations

import pytest

from engine.definitions import times
from engine.definitions.expressions import problems
from engine.definitions.mending import mend
from tests.unit.definitions.diagrams import check, extended, flow, found, line, process, rules


def is_right(text: str) -> bool:
    return not problems(text)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("${aantal > 3}", "aantal > 3"),
        ("#{status == 'ja'}", 'status = "ja"'),
        ("a == 1 && b != 2", "a = 1 and b != 2"),
        ('x == "a == b"', 'x = "a == b"'),
        ("a || b", "a or b"),
        ("klaar ? 1 : 2", "if klaar then 1 else 2"),
        ('status.equals("ja")', 'status = "ja"'),
        ("x is not None", "x != null"),
        ("!klaar", "not(klaar)"),
        ("bedrag => 3", "bedrag >= 3"),
    ],
)
def test_habits_of_other_languages_are_rewritten(wrong, right):
    assert mend(wrong, is_right) == right


def test_no_mend_is_proposed_when_none_parses():
    assert mend("a +", is_right) is None
    assert mend("x == " * 1000, is_right) is None


@pytest.mark.parametrize(
    "text",
    ["P3W", "PT1H", "P1Y2M10DT2H30M", "P0D", "PT0.5S", "P1M"],
)
def test_durations_that_are_iso(text):
    assert times.is_duration(text)


@pytest.mark.parametrize("text", ["", "P", "PT", "3 weken", "P3X", "P1DT", "1D", "p3d", "P-1D"])
def test_durations_that_are_not(text):
    assert not times.is_duration(text)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("3 weken", "P3W"), ("1 dag", "P1D"), ("2 weeks", "P2W"), ("een maand", "P1M"),
        ("90 minuten", "PT90M"), ("4 uur", "PT4H"), ("drie dagen", "P3D"), ("3w", None),
        ("1 dag en 4 uur", "P1DT4H"), ("half uur", "PT30M"), ("p3d", "P3D"), ("P4H", "PT4H"),
        ("PT3D", "P3D"), ("binnenkort", None), ("over 2 weken", "P2W"), ('"5 dagen"', "P5D"),
        ("x" * 200, None),
    ],
)  # fmt: skip
def test_durations_as_people_write_them_are_proposed_in_iso(text, iso):
    assert times.proposal("timeDuration", text) == iso


@pytest.mark.parametrize(
    ("kind", "text", "proposed"),
    [
        ("timeCycle", "elke week", "R/P1W"),
        ("timeCycle", "PT10M", "R/PT10M"),
        ("timeDate", "31-12-2026", "2026-12-31T00:00:00[Europe/Amsterdam]"),
        ("timeDate", "31-02-2026", None),
        ("timeDate", "1-3-2026 9:30", "2026-03-01T09:30:00[Europe/Amsterdam]"),
    ],
)
def test_cycles_and_dates_are_proposed(kind, text, proposed):
    assert times.proposal(kind, text) == proposed


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("R/P7D", True), ("R3/PT10H", True), ("R/2026-01-05T09:00:00Z/P1D", True), ("R/", False),
        ("P1D", False), ("0 0 9 * * *", True), ("R3", False),
    ],
)  # fmt: skip
def test_cycles(text, right):
    assert times.is_cycle(text) is right


def wait(text: str, kind: str = "timeDuration") -> bytes:
    return line(
        f'<bpmn:intermediateCatchEvent id="t" name="Wacht"><bpmn:timerEventDefinition>'
        f"<bpmn:{kind}>{text}</bpmn:{kind}></bpmn:timerEventDefinition>"
        "</bpmn:intermediateCatchEvent>",
        ids="t",
    )


def test_timer_of_three_weeks_in_words_is_refused_with_the_iso_form():
    one = found(check(wait("3 weken")), "timer-format")
    assert (one.level, one.element_id, one.element_name) == ("error", "t", "Wacht")
    assert "P3W" in one.remedy


@pytest.mark.parametrize("text", ["PT1H", "=ritme.herinnering", '=duration("P3D")', '"PT1H"'])
def test_timer_in_iso_or_feel_is_fine(text):
    assert rules(check(wait(text))) == set()


@pytest.mark.parametrize("text", ["=duration(", '="3 weken"', "=null", "${dagen}", "termijn", "="])
def test_timer_that_gives_no_time_is_refused(text):
    assert {rule for rule, _ in rules(check(wait(text)))} & {"timer-format", "feel-syntax"}


def test_timer_with_only_a_name_gets_an_equals_sign_proposed():
    assert "‘=termijn’" in found(check(wait("termijn")), "timer-format").remedy


def test_condition_in_another_language_is_refused_with_the_feel_form():
    xml = process(
        '<bpmn:startEvent id="s" /><bpmn:task id="a" name="Kies" /><bpmn:task id="b" />'
        + flow("s", "a")
        + flow("a", "b", "${keuze == 'ja'}")
    )
    one = found(check(xml), "feel-syntax")
    assert one.element_id == "a-b"
    assert 'Schrijf ‘=keuze = "ja"’.' in one.remedy
    assert "‘Kies’" in one.message


def test_literal_written_as_another_language_is_refused():
    task = (
        '<bpmn:callActivity id="a">'
        + extended('<zeebe:calledElement processId="${welk}" />')
        + "</bpmn:callActivity>"
    )
    one = found(check(line(task, ids="a")), "foreign-expression")
    assert "‘=welk’" in one.remedy


def test_function_that_feel_does_not_know_is_refused_with_the_nearest():
    task = (
        '<bpmn:scriptTask id="a">'
        + extended('<zeebe:script expression="=cout(lijst)" resultVariable="n" />')
        + "</bpmn:scriptTask>"
    )
    one = found(check(line(task, ids="a")), "feel-unknown-function")
    assert "‘count’" in one.remedy


@pytest.mark.parametrize(
    ("mapping", "rule"),
    [
        ('<zeebe:input source="=a" target="" />', "mapping-incomplete"),
        ('<zeebe:input source="" target="a" />', "mapping-incomplete"),
        ('<zeebe:output source="=a" target="1 fout" />', "variable-name"),
        ('<zeebe:output source="=a +" target="b" />', "feel-syntax"),
    ],
)
def test_mappings_that_can_not_work(mapping, rule):
    task = (
        '<bpmn:userTask id="a">'
        + extended(f"<zeebe:ioMapping>{mapping}</zeebe:ioMapping>")
        + "</bpmn:userTask>"
    )
    assert (rule, "a") in rules(check(line(task, ids="a")))


@pytest.mark.parametrize("text", ["=1 + 2", "=aantal + 1", '="ja"', "=3"])
def test_condition_that_is_never_true_or_false_is_refused(text):
    xml = process('<bpmn:startEvent id="s" /><bpmn:task id="a" /><bpmn:task id="b" />'
                  + flow("s", "a") + flow("a", "b", text))  # fmt: skip
    assert ("condition-not-boolean", "a-b") in rules(check(xml))


def test_timer_that_counts_back_or_repeats_without_end_is_refused():
    assert ("timer-backwards", "t") in rules(check(wait('=duration("-P1D")')))
    start = (
        '<bpmn:startEvent id="s"><bpmn:timerEventDefinition><bpmn:timeCycle>{}</bpmn:timeCycle>'
        "</bpmn:timerEventDefinition></bpmn:startEvent>"
    )
    after = '<bpmn:task id="a" />' + flow("s", "a")
    assert ("timer-cycle-endless", "s") in rules(check(process(start.format("R/PT0S") + after)))
    assert ("timer-format", "s") in rules(check(process(start.format("R0/PT1H") + after)))
    assert rules(check(process(start.format("R/PT10M") + after))) == set()


def test_timer_with_a_duration_and_a_date_is_ambiguous():
    both = wait("P1D").replace(
        b"</bpmn:timerEventDefinition>",
        b"<bpmn:timeDate>2026-01-01T00:00:00Z</bpmn:timeDate></bpmn:timerEventDefinition>",
    )
    assert ("timer-ambiguous", "t") in rules(check(both))


@pytest.mark.parametrize(
    ("date", "mend"), [("3 weken", "P3W"), ("1-3-2026", "2026-03-01"), ("termijn", "=termijn")]
)
def test_due_date_in_words_is_refused_with_a_mend(date, mend):
    task = (
        '<bpmn:userTask id="a">'
        + extended(f'<zeebe:taskSchedule dueDate="{date}" />')
        + "</bpmn:userTask>"
    )
    assert mend in found(check(line(task, ids="a")), "timer-format").remedy


def test_word_of_python_in_feel_is_refused():
    xml = process('<bpmn:startEvent id="s" /><bpmn:task id="a" /><bpmn:task id="b" />'
                  + flow("s", "a") + flow("a", "b", "=klaar = True")
                  + '<bpmn:task id="c" />' + flow("a", "c", "=klaar = false"))  # fmt: skip
    (one,) = [finding for finding in check(xml) if finding.level == "error"]
    assert "klaar = true" in one.remedy
