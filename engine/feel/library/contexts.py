"""Built-in functions on contexts."""

from __future__ import annotations

from ..errors import NullReason
from ..kinds import Value
from ..limits import check_list
from .registry import Library

LIBRARY = Library()


@LIBRARY.define("get value(m: context, key: string)")
def _get_value(context: dict[str, Value], key: str) -> Value:
    if key not in context:
        raise NullReason(f"De context heeft geen {key!r}.", "feel.null.entry")
    return context[key]


@LIBRARY.define("get entries(m: context)")
def _get_entries(context: dict[str, Value]) -> list[Value]:
    return [{"key": key, "value": value} for key, value in context.items()]


@LIBRARY.define("context(entries: list)")
def _context(entries: list[Value]) -> dict[str, Value]:
    result: dict[str, Value] = {}
    for entry in entries:
        if not isinstance(entry, dict) or "value" not in entry:
            raise NullReason(
                "Elk onderdeel heeft een key en een value nodig.", "feel.null.argument"
            )
        key = entry.get("key")
        if not isinstance(key, str) or key in result:
            raise NullReason(
                "Elk onderdeel heeft een eigen key nodig, een tekst.", "feel.null.argument"
            )
        result[key] = entry["value"]
    return result


@LIBRARY.define("context put(context: context, key: string, value: any)")
def _context_put(context: dict[str, Value], key: str, value: Value) -> dict[str, Value]:
    check_list(len(context) + 1)
    return {**context, key: value}


@LIBRARY.define("context put(context: context, keys: list, value: any)")
def _context_put_deep(
    context: dict[str, Value], keys: list[Value], value: Value
) -> dict[str, Value]:
    if not keys or not isinstance(keys[0], str):
        raise NullReason("De sleutels zijn een lijst van teksten.", "feel.null.argument")
    if len(keys) == 1:
        return {**context, keys[0]: value}
    inner = context.get(keys[0])
    if not isinstance(inner, dict):
        raise NullReason(f"{keys[0]!r} is geen context.", "feel.null.argument")
    return {**context, keys[0]: _context_put_deep(inner, keys[1:], value)}


@LIBRARY.define("context merge(contexts: list)")
def _context_merge(contexts: list[Value]) -> dict[str, Value]:
    result: dict[str, Value] = {}
    for context in contexts:
        if not isinstance(context, dict):
            raise NullReason("Alleen contexten kunnen worden samengevoegd.", "feel.null.argument")
        result.update(context)
    check_list(len(result))
    return result
