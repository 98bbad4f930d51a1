"""Errors name the position, what was expected and a likely mend."""

from __future__ import annotations

import pytest

from engine import feel


@pytest.mark.parametrize(
    ("text", "mend"),
    [
        ("= 1 + 2", "Laat de = aan het begin weg"),
        ("a == 1", "één ="),
        ("a && b", "and"),
        ("a || b", "or"),
        ("!a", "not(...)"),
        ("${a}", "Laat ${"),
        ("#{a}", "Laat ${"),
        ("a = 'x'", "dubbele aanhalingstekens"),
        ("x is not None", "!= null"),
        ("None", "null"),
        ("a = True", "true"),
        ("if a then 1 elif b then 2 else 3", "else if"),
        ("if a then 1", "then en else"),
        ("not a", "not(...)"),
        ("a <> b", "!="),
        ("a % 2", "modulo"),
        ("a ^ 2", "**"),
        ("a ? 1 : 2", "if ... then ... else"),
        ("lambda x: x", "function(x)"),
        ("[x for x in y]", "for x in list return"),
        ("for x in y", "return"),
        ("a; b", "komma"),
        ("x is None", "null"),
        ("a if b else c", "if ... then ... else"),
        ("a = “x”", "aanhalingstekens"),
        ("a > 1 en b", "and"),
        ("datum > 31-12-2026 x", '@"2026-01-31"'),
        ("empty x y(", "null"),
    ],
)
def test_a_habit_of_another_language_is_recognised(text: str, mend: str) -> None:
    with pytest.raises(feel.FeelSyntaxError) as caught:
        feel.compile(text)
    assert mend in caught.value.remedy


def test_position_line_and_column_are_named() -> None:
    with pytest.raises(feel.FeelSyntaxError) as caught:
        feel.compile("1 +\n  )")
    error = caught.value
    assert (error.position, error.line, error.column) == (6, 2, 3)
    assert error.expected == "een waarde"


def test_an_open_text_is_found_where_it_starts() -> None:
    with pytest.raises(feel.FeelSyntaxError, match="niet gesloten") as caught:
        feel.compile('a = "open')
    assert caught.value.position == 4


@pytest.mark.parametrize("text", ["", "1 +", "(1", "[1,", "{a 1}", "f(a: 1, 2)", "1 2", "/* open"])
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(feel.FeelSyntaxError):
        feel.compile(text)


def test_a_foreign_function_name_has_a_remedy_for_lint() -> None:
    assert feel.compile("len(a)").remedies == {
        "len": "Schrijf count voor een lijst, string length voor een tekst in plaats van len."
    }


def test_a_dutch_sentence_has_a_remedy_for_lint() -> None:
    assert "and" in feel.compile("klaar en getekend").remedies["klaar en getekend"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("missing + 1", "feel.null.name"),
        ("1 / 0", "feel.null.division"),
        ('1 + "a"', "feel.null.operand"),
        ('1 < "a"', "feel.null.comparison"),
        ("{a: 1}.b", "feel.null.entry"),
        ("[1][2]", "feel.null.index"),
        ('date("2026-13-01")', "feel.null.text"),
        ("abs(1, 2)", "feel.null.argument"),
        ('matches("a", "[")', "feel.null.pattern"),
        ('@"nonsense"', "feel.null.literal"),
        ("5()", "feel.null.function"),
        ("1 and true", "feel.null.logic"),
    ],
)
def test_the_reason_for_null_is_told(text: str, code: str) -> None:
    explained = feel.compile(text).explain({})
    assert explained.value is None
    assert code in [reason.code for reason in explained.reasons]


def test_a_reason_names_its_position() -> None:
    (reason,) = feel.compile("1 + gezn").explain({}).reasons[:1]
    assert reason.position == 4
    assert "gezn" in reason.message


def test_without_null_there_are_no_reasons() -> None:
    assert feel.compile("1 + 1").explain({}).reasons == ()
