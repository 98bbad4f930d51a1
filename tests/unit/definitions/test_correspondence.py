"""What of one version is where in another: what is gone, what it is called now, which timers."""

from __future__ import annotations

from engine.definitions.published.correspondence import gone, gone_processes, timers, waits
from tests.practice_diagrams import changed_package, practice_package


def compared(*replacements: tuple[str, str]):
    return practice_package(), changed_package(*replacements)


def test_an_element_with_another_id_is_found_by_its_place():
    before, after = compared(("contactmoment", "contact-nemen"))
    (one,) = [g for g in gone(before, after) if g.element.id == "contactmoment"]
    assert (one.process_id, one.suggested) == ("ritme", "contact-nemen")
    assert one.candidates[0].id == "contact-nemen"


def test_an_element_with_another_id_is_found_by_its_name():
    before, after = compared(('id="herinner" name="herinner"', 'id="bel" name="herinner"'),
                             ('Ref="herinner"', 'Ref="bel"'))  # fmt: skip
    (one,) = [g for g in gone(before, after) if g.element.id == "herinner"]
    assert one.suggested == "bel"


def test_what_is_not_there_any_more_is_not_taken_for_something_else():
    before, after = compared(
        ('id="contactmoment" name="contactmoment"', 'id="kijken" name="Heel iets anders"'),
        ('Ref="contactmoment"', 'Ref="kijken"'),
        ('id="herinner" name="herinner"', 'id="zwaaien" name="Nog iets"'),
        ('Ref="herinner"', 'Ref="zwaaien"'),
    )
    found = {g.element.id: g for g in gone(before, after)}
    assert found["herinner"].suggested is None
    assert {e.id for e in found["herinner"].candidates} >= {"kijken", "zwaaien"}


def test_timers_are_paired_also_under_another_id_and_a_change_is_seen():
    before, after = compared(("P7D", "P14D"), ("te-laat", "veel-te-laat"))
    (one,) = [
        pair for pair in timers(before, after, {"ritme/te-laat": "veel-te-laat"})
        if pair.process_id == "ritme"
    ]  # fmt: skip
    assert one.before is not None
    assert (one.before.id, one.after.id, one.changed) == ("te-laat", "veel-te-laat", True)
    assert (waits(one.before), waits(one.after)) == ("P7D", "P14D")
    assert not any(pair.changed for pair in timers(before, before, {}))


def test_a_process_that_is_gone_is_told():
    before, after = compared(('id="wekelijks"', 'id="maandelijks"'))
    (one,) = gone_processes(before, after)
    assert (one.process.id, one.suggested) == ("wekelijks", "maandelijks")
    assert gone(before, after, {"wekelijks": "maandelijks"}) == []


def test_processes_of_another_name_are_found_by_what_they_hold():
    before, after = compared(
        ('id="wekelijks"', 'id="los"'), ('name="wekelijks"', 'name="Iets heel anders dan eerst"'),
        ('"traject"', '"hoofdtraject"'),
    )  # fmt: skip
    found = {one.process.id: one.suggested for one in gone_processes(before, after)}
    assert found == {"wekelijks": "los", "traject": "hoofdtraject"}
