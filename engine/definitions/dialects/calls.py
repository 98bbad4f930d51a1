"""What values can be asked in other languages, in FEEL."""

from __future__ import annotations

import re
from typing import Final

_STARTS: Final = {
    "contains": "contains", "startsWith": "starts with", "endsWith": "ends with",
    "startswith": "starts with", "endswith": "ends with",
}  # fmt: skip
_SHAPED: Final = {
    "toLowerCase": "lower case", "toUpperCase": "upper case", "trim": "trim", "toString": "string",
    "lower": "lower case", "upper": "upper case", "strip": "trim",
}  # fmt: skip
_ITSELF: Final = frozenset({"intValue", "longValue", "doubleValue", "booleanValue"})
_GETTER: Final = re.compile(r"(?:get|is)([A-Z])(\w*)")
_NO_PROPERTY: Final = frozenset({"getClass", "getBytes"})
_COMPARED: Final = {
    "equals": "=", "eq": "=", "notEquals": "!=", "ne": "!=",
    "lowerThan": "<", "lessThan": "<", "lt": "<",
    "lowerThanOrEquals": "<=", "lessThanOrEquals": "<=", "lte": "<=",
    "greaterThan": ">", "gt": ">", "greaterThanOrEquals": ">=", "gte": ">=",
}  # fmt: skip
_NAME: Final = re.compile(r"[^\W\d]\w*")
_FROM_THE_END: Final = re.compile(r"\(-[1-9]\d*\)")
_INDEXED: Final = re.compile(r"(.*)\[(-?\d+)\]", re.DOTALL)


def length(path: str) -> str:
    """How long a text or a list is."""
    return f"(if {path} instance of string then string length({path}) else count({path}))"


def indexed(path: str, index: str) -> str | None:
    """A part of a list or of a map, by a number that counts from 0 or by a key."""
    if index.isdigit():
        return f"{path}[{int(index) + 1}]"
    if _FROM_THE_END.fullmatch(index):
        return f"{path}[{index[1:-1]}]"
    key = index[1:-1]
    is_name = index.startswith('"') and _NAME.fullmatch(key) is not None
    return f"{path}.{key}" if is_name else None


def of_list_or_text(path: str) -> str:
    """An element by its place, which is a character where the whole is a text."""
    found = _INDEXED.fullmatch(path)
    if found is None:
        return path
    whole, place = found.groups()
    return f"(if {whole} instance of string then substring({whole}, {place}, 1) else {path})"


def method(path: str, name: str, arguments: list[str]) -> str | None:
    """A method of a value in FEEL; None when FEEL has nothing that means the same."""
    if len(arguments) == 1:
        return _with_one(path, name, arguments[0])
    if arguments:
        return None
    if name == "isEmpty":
        return f'({path} = "" or {path} = [])'
    if name == "size":
        return f"count({path})"
    if name == "length":
        return f"string length({path})"
    if name in _SHAPED:
        return f"{_SHAPED[name]}({path})"
    if name in _ITSELF:
        return path
    if name not in _NO_PROPERTY and (found := _GETTER.fullmatch(name)):
        return f"{path}.{found[1].lower()}{found[2]}"
    return None


def _with_one(path: str, name: str, argument: str) -> str | None:
    if name == "equals":
        return f"({path} = {argument})"
    if name == "equalsIgnoreCase":
        return f"(lower case({path}) = lower case({argument}))"
    if name in _STARTS and argument.startswith('"'):
        return f"{_STARTS[name]}({path}, {argument})"
    if name == "get":
        return indexed(path, argument)
    if name == "concat":
        return f"({path} + {argument})"
    return None


def of_execution(name: str, arguments: list[str]) -> str | None:
    """What engines give of their variables by name."""
    if len(arguments) != 1 or not re.fullmatch(r'"[^\W\d]\w*"', arguments[0]):
        return None
    wanted = arguments[0][1:-1]
    if name == "getVariable":
        return wanted
    return f"is defined({wanted})" if name == "hasVariable" else None


def of_variables(name: str, arguments: list[str]) -> str | None:
    """Flowable's functions about variables: nothing at all is never equal, more or less."""
    if not arguments or not _NAME.fullmatch(arguments[0]):
        return None
    wanted = arguments[0]
    if len(arguments) == 2 and name in _COMPARED:
        sign = _COMPARED[name]
        if sign == "!=":
            return f"({wanted} != {arguments[1]})"
        return f"({wanted} != null and {wanted} {sign} {arguments[1]})"
    if len(arguments) == 2 and name == "getOrDefault":
        return f"(if {wanted} = null then {arguments[1]} else {wanted})"
    if len(arguments) > 1:
        return None
    nothing = f'({wanted} = null or {wanted} = "" or {wanted} = [])'
    return {
        "get": wanted, "exists": f"({wanted} != null)", "exist": f"({wanted} != null)",
        "isEmpty": nothing, "empty": nothing,
        "isNotEmpty": f"not({nothing})", "notEmpty": f"not({nothing})",
    }.get(name)  # fmt: skip
