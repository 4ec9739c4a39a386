"""What the official method tables say about one request: tests/data/telegram_methods.json."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

TABLES: dict[str, Any] = json.loads((Path(__file__).parent / "data" / "telegram_methods.json").read_text())
METHODS: dict[str, list[dict[str, Any]]] = TABLES["methods"]
TYPES: dict[str, list[dict[str, Any]]] = TABLES["types"]
ARRAY = "Array of "


def read(method: str, raw: Mapping[str, Any], *, textual: bool) -> tuple[dict[str, Any], list[str]]:
    """The parameters as values, and everything in them that the table does not allow."""
    table = METHODS[method]
    params = {name: typed(value, type_of(table, name)) if textual else value for name, value in raw.items()}
    return params, problems(method, table, params)


def problems(where: str, table: list[dict[str, Any]], value: Mapping[str, Any]) -> list[str]:
    """What is unknown, missing or of the wrong type in one object."""
    known = {field["name"]: field["type"] for field in table}
    missing = [f"{where}: {f['name']} is missing" for f in table if f["required"] and f["name"] not in value]
    unknown = [f"{where}: {name} is no parameter of it" for name in value if name not in known]
    wrong = [w for name in value if name in known for w in mismatches(f"{where}.{name}", known[name], value[name])]
    return missing + unknown + wrong


def mismatches(where: str, kind: str, value: Any) -> list[str]:
    """Where a value is not of the type the table names."""
    kinds = kind.split(" or ")
    if isinstance(value, dict) and "inline_keyboard" in value:
        kinds = kinds[:1]
    if len(kinds) > 1:
        found = [mismatches(where, each, value) for each in kinds]
        return min(found, key=len)
    kind = kinds[0]
    if kind.startswith(ARRAY):
        if not isinstance(value, list):
            return [f"{where}: {kind} expected, not {type(value).__name__}"]
        inner = kind.removeprefix(ARRAY)
        return [w for at, item in enumerate(value) for w in mismatches(f"{where}[{at}]", inner, item)]
    if not fits(kind, value):
        return [f"{where}: {kind} expected, not {type(value).__name__}"]
    return problems(where, TYPES[kind], value) if kind in TYPES else []


def fits(kind: str, value: Any) -> bool:
    """Whether a value has the JSON type of one named type."""
    if kind == "Integer":
        return isinstance(value, int) and not isinstance(value, bool)
    plain: dict[str, type | tuple[type, ...]] = {"String": str, "Boolean": bool, "Float": (int, float)}
    return isinstance(value, plain.get(kind, dict))


def type_of(table: list[dict[str, Any]], name: str) -> str:
    """The type of one parameter; of an unknown one, text."""
    return next((str(field["type"]) for field in table if field["name"] == name), "String")


def typed(text: Any, kind: str) -> Any:
    """The value a query or a form stands for, or the text itself where it stands for none."""
    if kind == "String" or not isinstance(text, str):
        return text
    if kind == "Integer or String":
        return int(text) if text.lstrip("-").isdecimal() else text
    try:
        return json.loads(text)
    except ValueError:
        return text
