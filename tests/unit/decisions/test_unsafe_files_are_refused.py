"""Files that could harm, or that are no DMN, are refused before anything is read from them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.decisions import load
from engine.decisions.errors import DecisionError, ModelInvalid, NotDmn, XmlMalformed, XmlRefused
from tests.unit.decisions.dmn import NAMESPACE, decision, definitions, literal, table_model


def with_doctype(declaration: str, text: str = "1") -> bytes:
    body = definitions(decision("besluit", literal(text))).split(b"?>", 1)[1]
    return b'<?xml version="1.0"?>' + declaration.encode() + body


@pytest.mark.parametrize(
    "declaration",
    [
        "<!DOCTYPE definitions>",
        '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
        '<!DOCTYPE d SYSTEM "http://example.org/d.dtd">',
    ],
)
def test_a_document_type_is_refused(declaration: str) -> None:
    with pytest.raises(XmlRefused):
        load(with_doctype(declaration))


def test_an_undeclared_entity_is_refused() -> None:
    text = definitions("<decision/>").replace(b"<decision/>", b"<decision>&x;</decision>")
    with pytest.raises(XmlMalformed):
        load(text)


def test_a_document_type_in_utf_16_is_refused() -> None:
    text = with_doctype("<!DOCTYPE definitions>").decode().encode("utf-16")
    with pytest.raises(DecisionError):
        load(text)


def test_a_file_over_the_limit_is_refused() -> None:
    with pytest.raises(XmlRefused) as caught:
        load(table_model([["1", "2"]]), max_bytes=100)
    assert caught.value.code == "decision-xml-refused"
    assert caught.value.remedy


def test_a_file_that_is_not_dmn_is_refused() -> None:
    with pytest.raises(NotDmn):
        load(b"<bpmn/>")


def test_an_older_version_is_named() -> None:
    older = table_model([["1", "2"]]).replace(
        NAMESPACE.encode(), b"http://www.omg.org/spec/DMN/20180521/MODEL/"
    )
    with pytest.raises(NotDmn, match=r"1\.2"):
        load(older)


def test_a_rule_with_a_cell_too_few_names_its_line() -> None:
    with pytest.raises(ModelInvalid) as caught:
        load(table_model([["1"]]))
    assert caught.value.element_id == "r1"
    assert caught.value.line


def test_deep_nesting_is_refused() -> None:
    deep = "<context><contextEntry>" * 100 + literal("1") + "</contextEntry></context>" * 100
    with pytest.raises(ModelInvalid):
        load(definitions(decision("besluit", deep)))


@given(st.binary(max_size=200))
def test_any_bytes_load_or_raise_the_one_error(content: bytes) -> None:
    with pytest.raises(DecisionError):
        load(content)


@given(st.text(max_size=60))
def test_any_text_in_a_cell_loads_and_evaluates_to_something(text: str) -> None:
    safe = "".join(char for char in text if char.isprintable())
    model = load(table_model([[safe, safe]]))
    model.evaluate("besluit", {"x": 1})
    model.check()
