"""Any model that is well-formed loads, is checked and is evaluated without another error."""

from __future__ import annotations

import contextlib
from html import escape

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.decisions import Finding, load
from engine.decisions.errors import DecisionError
from tests.unit.decisions.dmn import decision, definitions, input_data, table

TEXTS = st.sampled_from(
    [
        "",
        "-",
        "1",
        '"a"',
        "x",
        "y + 1",
        "f(x)",
        "> 5",
        "null",
        "[1..3]",
        "{a: 1}.a",
        "for i in 1..3 return i",
        "2 ** 99999",
        "'python'",
        "${x}",
        'date("2026-02-30")',
        "function(a) a",
        "besluit",
        "? > 1 and ? < 3",
        "not(1, 2)",
        "@",
    ]
)
TYPES = st.sampled_from(["", "number", "string", "boolean", "tZelf", "tLijst", "niets", "function"])
NAMES = st.sampled_from(["x", "y", "een naam", "a-b", "f", ""])
ITEMS = (
    '<itemDefinition name="tZelf"><itemComponent name="deel"><typeRef>tZelf</typeRef>'
    '</itemComponent></itemDefinition><itemDefinition name="tLijst" isCollection="true">'
    "<typeRef>number</typeRef><allowedValues><text>&lt; 5</text></allowedValues></itemDefinition>"
)


def tag(name: str, inner: str, attributes: str = "") -> str:
    return f"<{name} {attributes}>{inner}</{name}>"


LITERALS = st.builds(
    lambda text, kind: tag(
        "literalExpression", f"<text>{escape(text)}</text>", f'typeRef="{kind}"'
    ),
    TEXTS,
    TYPES,
)


def variable(name: str, kind: str) -> str:
    return f'<variable name="{name}" typeRef="{kind}"/>'


def boxed(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    entries = st.lists(
        st.builds(lambda n, k, e: tag("contextEntry", variable(n, k) + e), NAMES, TYPES, inner),
        max_size=3,
    ).map("".join)
    return st.one_of(
        entries.map(lambda found: tag("context", found)),
        st.lists(inner, max_size=3).map(lambda items: tag("list", "".join(items))),
        st.builds(
            lambda n, k, body: tag(
                "functionDefinition", f'<formalParameter name="{n}" typeRef="{k}"/>{body}'
            ),
            NAMES,
            TYPES,
            inner,
        ),
        st.builds(
            lambda f, n, a: tag("invocation", f + tag("binding", f'<parameter name="{n}"/>{a}')),
            inner,
            NAMES,
            inner,
        ),
        st.builds(
            lambda a, b, c: tag("conditional", tag("if", a) + tag("then", b) + tag("else", c)),
            inner,
            inner,
            inner,
        ),
        st.builds(lambda a, b: tag("filter", tag("in", a) + tag("match", b)), inner, inner),
        st.builds(
            lambda n, a, b: tag("for", tag("in", a) + tag("return", b), f'iteratorVariable="{n}"'),
            NAMES,
            inner,
            inner,
        ),
        st.builds(
            lambda a, b: tag("every", tag("in", a) + tag("satisfies", b), 'iteratorVariable="i"'),
            inner,
            inner,
        ),
    )


TABLES = st.builds(
    lambda rules, kinds, policy, allowed, defaults: table(
        rules,
        inputs=[("x", kinds[0]), ("y", kinds[1])],
        outputs=[("uit", kinds[2])],
        hit_policy=policy,
        allowed=allowed,
        allowed_outputs=[allowed],
        defaults=defaults,
    ),
    st.lists(st.lists(TEXTS, min_size=3, max_size=3), max_size=4),
    st.tuples(TYPES, TYPES, TYPES),
    st.sampled_from(["UNIQUE", "ANY", "FIRST", "PRIORITY", "COLLECT", "OUTPUT ORDER"]),
    TEXTS,
    st.lists(TEXTS, max_size=1),
)
EXPRESSIONS = st.recursive(st.one_of(LITERALS, TABLES), boxed, max_leaves=6)


@settings(max_examples=150, deadline=None)
@given(EXPRESSIONS, TYPES, st.sampled_from([1, "a", None, [1, 2], {"a": 1}, True]))
def test_any_expression_ends_in_a_value_or_the_one_error(
    expression: str, kind: str, value: object
) -> None:
    xml = (
        ITEMS
        + input_data("x", "number")
        + decision("besluit", expression, inputs=["x"], decisions=["besluit"], type_ref=kind)
    )
    model = load(definitions(xml))
    assert all(isinstance(found, Finding) for found in model.check())
    with contextlib.suppress(DecisionError):
        plain = model.evaluate("besluit", {"x": value, "y": 2})
        explained = model.evaluate("besluit", {"x": value, "y": 2}, explain=True)
        assert str(explained.value)[:9] == str(plain)[:9]
