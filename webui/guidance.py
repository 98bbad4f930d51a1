"""Guidance texts of a diagram: a small, safe subset of Markdown as HTML.

Headings, paragraphs, bulleted and numbered lists, **bold**, *italic* and web links. Whatever
else the text holds is shown as it was written; nothing of it is ever taken as HTML.
"""

from __future__ import annotations

import re

from markupsafe import Markup, escape

_LISTS = {"ul": Markup("<ul>{}</ul>"), "ol": Markup("<ol>{}</ol>")}
_HEADING = re.compile(r"^#{1,6}\s+(?P<text>.+)$")
_BULLET = re.compile(r"^\s*[-*•]\s+(?P<text>.+)$")
_NUMBER = re.compile(r"^\s*\d+[.)]\s+(?P<text>.+)$")
_LINK = re.compile(r"\[(?P<text>[^\]\n]+)\]\((?P<address>https?://[^\s)\"'<>]+)\)")
_BOLD = re.compile(r"\*\*(?P<text>[^*\n]+)\*\*")
_ITALIC = re.compile(r"(?<![*\w])\*(?P<text>[^*\s](?:[^*\n]*[^*\s])?)\*(?![*\w])")


def render_guidance(text: str) -> Markup:
    """The text as HTML that is safe to put into a page."""
    return Markup("\n").join(_blocks(text.strip().splitlines()))


def _blocks(lines: list[str]) -> list[Markup]:
    blocks: list[Markup] = []
    paragraph: list[str] = []
    items: list[str] = []
    list_tag = ""

    def flush() -> None:
        nonlocal list_tag
        if paragraph:
            blocks.append(Markup("<p>{}</p>").format(_inline(" ".join(paragraph))))
            paragraph.clear()
        if items:
            inner = Markup("").join(Markup("<li>{}</li>").format(_inline(i)) for i in items)
            around = _LISTS[list_tag]
            blocks.append(around.format(inner))
            items.clear()
        list_tag = ""

    for line in lines:
        stripped = line.strip()
        heading, bullet, number = (p.match(stripped) for p in (_HEADING, _BULLET, _NUMBER))
        if not stripped:
            flush()
        elif heading:
            flush()
            blocks.append(Markup("<h3>{}</h3>").format(_inline(heading["text"])))
        elif bullet or number:
            tag = "ul" if bullet else "ol"
            if list_tag != tag:
                flush()
                list_tag = tag
            match = bullet or number
            if match:
                items.append(match["text"])
        elif items and line.startswith((" ", "\t")):
            items[-1] += f" {stripped}"
        else:
            if items:
                flush()
            paragraph.append(stripped)
    flush()
    return blocks


def _inline(text: str) -> Markup:
    html = str(escape(text))
    html = _LINK.sub(
        r'<a class="utrecht-link" href="\g<address>" rel="noreferrer noopener">\g<text></a>', html
    )
    html = _BOLD.sub(r"<strong>\g<text></strong>", html)
    html = _ITALIC.sub(r"<em>\g<text></em>", html)
    return Markup(html)  # noqa: S704 - escaped above; only our own tags were added
