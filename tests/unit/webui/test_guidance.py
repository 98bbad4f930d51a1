"""Guidance texts of diagrams as HTML."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webui.guidance import render_guidance


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Bel het gezin.", "<p>Bel het gezin.</p>"),
        ("Een\ntwee", "<p>Een twee</p>"),
        ("Een\n\ntwee", "<p>Een</p>\n<p>twee</p>"),
        ("## Kop", "<h3>Kop</h3>"),
        ("- een\n- twee", "<ul><li>een</li><li>twee</li></ul>"),
        ("1. een\n2) twee", "<ol><li>een</li><li>twee</li></ol>"),
        ("Doe:\n- een\n  en meer", "<p>Doe:</p>\n<ul><li>een en meer</li></ul>"),
        ("**vet** en *schuin*", "<p><strong>vet</strong> en <em>schuin</em></p>"),
        ("2 * 3 * 4", "<p>2 * 3 * 4</p>"),
        ("<b>ruw</b> & co", "<p>&lt;b&gt;ruw&lt;/b&gt; &amp; co</p>"),
    ],
)
def test_the_subset_of_markdown(text: str, html: str) -> None:
    assert str(render_guidance(text)) == html


def test_only_web_links_become_links() -> None:
    assert 'href="https://voorbeeld.nl/a"' in render_guidance("[lees](https://voorbeeld.nl/a)")
    assert "<a" not in render_guidance("[lees](javascript:alert(1))")


@given(st.text(alphabet="<>&\"'*#-[]()ab:/. \n1", max_size=80))
def test_no_text_gets_tags_of_its_own(text: str) -> None:
    html = str(render_guidance(text))

    assert "<script" not in html
    for piece in html.split("<")[1:]:
        assert piece.split(">")[0].strip("/").split(" ")[0] in {
            "p", "ul", "ol", "li", "h3", "strong", "em", "a",
        }  # fmt: skip
