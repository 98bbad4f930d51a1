"""Expressions of JUEL, JavaScript, Groovy, Java, MVEL and Python, cut into pieces."""

from __future__ import annotations

import re
from typing import Final

Token = tuple[str, str]
"""The kind (``number``, ``text``, ``name``, ``sign``) and what stands there."""

_TOKEN: Final = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)(?![\w.])"
    r"|(?P<text>'(?:[^'\\]|\\['\"\\])*'|\"(?:[^\"\\]|\\['\"\\])*\")"
    r"|(?P<name>[^\W\d]\w*)"
    r"|(?P<sign>===|!==|//|==|!=|<=|>=|&&|\|\||[<>!()+\-*/%.,?:\[\]{}]))"
)
_VARIABLES: Final = re.compile(
    r"(?<![\w.])(?:(?:this\.)?environment\.(?:variables|output)|(?:this\.)?variables|this\.(?:data|context))"
    r"\.(?=[^\W\d])"
    r"|(?<![\w.])content\.(?=item(?!\w))"
)
_OF_AN_ITEM: Final = re.compile(r"(?<![\w.])item\.(?:token\.)?data\.(?=[^\W\d])")
_OF_THIS: Final = re.compile(
    r"(?<![\w.])this\.(?!(?:content|context|data|environment|fields|id|input|item|message|name|"
    r"output|properties|services|token|type|variables)\b)(?=[^\W\d])"
)
"""Where bpmn-server keeps its variables; other engines in JavaScript have other things there."""
_CALLED_BACK: Final = re.compile(r"next\(null,(.*)\)", re.DOTALL)
_EVALUATED: Final = re.compile(r"eval\((.*)\)", re.DOTALL)
_OF_VARIABLES: Final = re.compile(r"(?<![\w.])(?:vars?|variables):(\w+)\(\s*['\"]?(\w+)['\"]?")


def tokens(text: str, *, wrapped: bool) -> list[Token] | None:
    """The pieces of an expression; None when something in it is not of these languages.

    Where engines keep their variables is left out: ``environment.variables.x`` is ``x``. One of
    them says ``item.data.x`` or ``this.x``, but never in a ``${…}``.
    """
    source = _VARIABLES.sub("", text)
    if not wrapped:
        source = _OF_THIS.sub("", _OF_AN_ITEM.sub("", source))
    for around in (_CALLED_BACK, _EVALUATED):
        if found := around.fullmatch(source):
            source = found[1]
    source = _OF_VARIABLES.sub(r"variables.\1(\2", source).rstrip()
    made: list[Token] = []
    place = 0
    while place < len(source):
        piece = _TOKEN.match(source, place)
        if piece is None or piece.lastgroup is None:
            return None
        made.append((piece.lastgroup, piece[piece.lastgroup]))
        place = piece.end()
    return made
