"""What a family's words on sharing come to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from engine.families.file.consent_words import Word, agreed_pairs

NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


def said(*words: tuple[str, str, str | None, bool]):
    """What is agreed to after these words."""
    return agreed_pairs([Word(*word) for word in words], NOW)


def yes(giver="", to=None, purpose="toeleiding"):
    return giver, purpose, to, True


def no(giver="", to=None, purpose="toeleiding"):
    return giver, purpose, to, False


def test_the_latest_word_of_somebody_counts():
    assert said(yes("Naima"), no("Naima")) == set()
    assert said(no("Naima"), yes("Naima")) == {("toeleiding", None)}


def test_a_no_of_one_outweighs_the_yes_of_another_until_that_one_says_yes():
    assert said(yes("Naima"), no("Karim")) == set()
    assert said(no("Karim"), yes("Naima")) == set()
    assert said(no("Karim"), yes("Naima"), yes("Karim")) == {("toeleiding", None)}


def test_a_word_that_names_nobody_is_the_familys():
    assert said(yes("Naima"), no()) == set()
    assert said(yes(), no("Karim")) == set()
    assert said(no("Karim"), yes()) == {("toeleiding", None)}
    assert said(no(), yes("Naima")) == {("toeleiding", None)}


def test_a_no_to_nobody_in_particular_is_one_to_every_agency():
    assert said(yes(to="Ggz"), yes(to="School"), no()) == set()
    assert said(yes(to="Ggz"), no(), yes(to="School")) == {("toeleiding", "School")}


def test_a_no_to_one_agency_leaves_the_others():
    assert said(yes(to="Ggz"), yes(to="School"), no(to="Ggz")) == {("toeleiding", "School")}
    assert said(yes(to="Ggz"), yes(), no(to="Ggz")) == {("toeleiding", None)}


def test_a_no_to_an_organisation_is_one_to_its_people():
    petra = "Petra (Schuldhulp Noord)"
    assert said(yes(to=petra), no(to="Schuldhulp Noord")) == set()
    assert said(yes(to=petra), no(to="Noord")) == {("toeleiding", petra)}


def test_a_no_to_a_purpose_is_one_to_its_parts_and_not_to_others():
    part = "zorgoverleg: opvoeding"
    assert said(yes(to="Petra", purpose=part), no(purpose="zorgoverleg")) == set()
    assert said(yes(to="Petra", purpose=part), no()) == {(part, "Petra")}
    assert said(yes(purpose="zorgoverleg"), no(purpose=part)) == {("zorgoverleg", None)}


def test_a_yes_that_ran_out_is_no_word_any_more():
    brief = Word("Naima", "toeleiding", None, True, NOW + timedelta(days=1))
    assert agreed_pairs([brief], NOW) == {("toeleiding", None)}
    assert agreed_pairs([brief], NOW + timedelta(days=1)) == set()
    other = Word("Karim", "toeleiding", None, agreed=True)
    assert agreed_pairs([brief, other], NOW + timedelta(days=1)) == {("toeleiding", None)}
