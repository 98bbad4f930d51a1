"""Scripts that keep values for themselves, or set a variable only if something holds."""

from __future__ import annotations

import pytest

from engine.definitions.dialects.choosing import mappings
from engine.definitions.dialects.reading_expressions import value


def _made(script: str, language: str = "javascript", *, keeps: bool = False, scoped: bool = False):
    return mappings(script, language, keeps=keeps, scoped=scoped)


SET = "execution.setVariable"


def test_what_is_kept_for_itself_is_made_before_what_is_set():
    script = (
        f"var u = 'http://a/b'; // a; b\n{SET}('v', u)\nlet w\nw = 2 /* not; 3 */\n{SET}('x', w)"
    )
    own = [("u", '"http://a/b"'), ("w", "null"), ("w", "2")]
    assert _made(script) == (own, [("v", "u"), ("x", "w")])


def test_what_is_set_if_something_holds_is_else_what_it_was():
    assert _made(f"if (a > 3) {SET}('b', 1)", "groovy") == ([], [("b", "if (a > 3) then 1 else b")])


def test_choices_may_follow_each_other_and_stand_in_each_other():
    script = (
        f"if (a > 3) {{ if (c == 1) {{ {SET}('b', 1) }} else {SET}('b', 2); }}\n"
        f"else if (a > 2) {{\n {SET}('b', 3)\n}} else {{ {SET}('b', 4) }}"
    )
    expected = "if (a > 3) then if (c = 1) then 1 else 2 else if (a > 2) then 3 else 4"
    assert _made(script) == ([], [("b", expected)])


def test_one_way_may_set_more_than_the_other():
    script = f"if (a > 3) {{ {SET}('b', 1); {SET}('c', 2) }} else {{ {SET}('d', 3) }}"
    assert _made(script) == (
        [],
        [
            ("b", "if (a > 3) then 1 else b"),
            ("c", "if (a > 3) then 2 else c"),
            ("d", "if (a > 3) then d else 3"),
        ],
    )


def test_engines_differ_in_what_they_keep():
    script = "var a = 1; if (x == 1) { b = a }"
    assert _made(script, keeps=True) == ([("a", "1")], [("b", "if (x = 1) then a else b")])
    assert _made(script) is None
    assert _made("var a = 1", keeps=True) is None


def test_what_is_for_the_step_alone_needs_a_step_with_variables():
    script = "execution.setVariableLocal('a', 1)"
    assert _made(script, scoped=True) == ([("a", "1")], [])
    assert _made(script) is None


@pytest.mark.parametrize(
    "script",
    [
        f"{SET}('y', 1); var z = y",
        f"var y = 1; if (x == 1) {SET}('y', 2)",
        f"if (x > 3) {{ {SET}('x', 1); {SET}('y', 2) }}",
        f"var a = 1; {SET}('b', a); a = 2",
        f"var a = 1; {SET}('a', 2); {SET}('b', a)",
        f"var a = 1; var b = execution.getVariable('a'); {SET}('c', b)",
        f"var a = 1; if (execution.getVariable('a') == 1) {SET}('c', 2)",
        f"if (x == 1) {{ var a = 1 }} {SET}('c', a)",
        f"for (var i = 0; i < 3; i++) {{ {SET}('c', i) }}",
        f"if (x == 1) return; {SET}('c', 1)",
        f"if (x.test(1)) {SET}('c', 1)",
        "if (x > 3 { y = 1 }",
        "if (x > 3) {",
        "if (x > 3)",
        "if (x > 3) y = 1 }",
        "var a = 'x",
        "if",
        "if (x == 1) {" * 30 + "y = 1" + "}" * 30,
        "if(a)" * 390 + "b=1",
        "y = 1 /* and so on",
        "y = 1;" * 1_000,
    ],
)
def test_what_would_mean_something_else_is_not_read(script: str):
    assert _made(script) is None


def test_only_languages_with_brackets_are_read():
    assert _made(f"var a = 1; {SET}('b', a)", "python") is None


@pytest.mark.parametrize(
    ("text", "language", "made"),
    [
        ('"to ${name}"', "groovy", None),
        ('"to $name"', "groovy", None),
        ("'to $name'", "groovy", '"to $name"'),
        ('"to $name"', "php", None),
        ("'to $name'", "php", None),
        ("$name == 'Jo'", "php", '(name = "Jo")'),
        ('"to ${name}"', "javascript", '"to ${name}"'),
    ],
)
def test_a_text_with_places_for_values_is_no_plain_text(text: str, language: str, made: str | None):
    assert value(text, language) == made
