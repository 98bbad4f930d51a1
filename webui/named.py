"""The things that a request names by their id, in its address or its form."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from webui.errors import NotThere


def named_id(text: str) -> UUID:
    """The id that a text is.

    Raises:
        NotThere: it is none.
    """
    try:
        return UUID(text)
    except ValueError:
        raise NotThere(text) from None


def id_given(values: Mapping[str, str], name: str) -> UUID | None:
    """The id that the request gives under a name, if it gives one.

    Raises:
        NotThere: what it gives is none; that must not be taken for not naming anything.
    """
    given = values.get(name)
    return None if given is None else named_id(given)
