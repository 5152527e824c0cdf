"""The published JSON Schemas: as the code has them, and readable by those who wrote against an earlier version."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.commands.schemas import schema_text
from schemas.codec import PUBLISHED

FOLDER = Path(__file__).parents[3] / "schemas" / "json"
RELEASED = FOLDER / "released"


@pytest.mark.parametrize("name", sorted(PUBLISHED))
def test_published_schemas_are_those_of_the_code(name: str) -> None:
    """`treatywire schemas --write schemas/json` was run after the last change of a record."""
    assert (FOLDER / f"{name}.json").read_bytes() == schema_text(name)


def test_every_schema_has_a_record() -> None:
    """No schema of a record that is no more lies about."""
    assert {path.stem for path in FOLDER.glob("*.json")} == set(PUBLISHED)


@pytest.mark.parametrize("name", sorted(path.stem for path in RELEASED.glob("*.json")))
def test_what_was_written_before_can_still_be_read(name: str) -> None:
    """Compared with the last release, no field became required, no value was taken away, no type narrowed."""
    released = json.loads((RELEASED / f"{name}.json").read_bytes())
    assert breaks(released, json.loads(schema_text(name))) == []


def test_the_comparison_finds_what_it_is_for() -> None:
    """A new required field, a lost enum value, a changed type, a lost field and a new pattern are each told."""
    old = {
        "properties": {"a": {"type": "string"}, "b": {"enum": ["x", "y"]}, "c": {"type": "integer"}, "d": {}},
        "required": ["a"],
    }
    new = {
        "properties": {"a": {"type": "string", "pattern": "^z"}, "b": {"enum": ["x"]}, "c": {"type": "string"}},
        "required": ["a", "b"],
    }
    assert breaks(old, new) == [
        "/b: is required now",
        "/a: pattern changed from None to ^z",
        "/b: no longer one of y",
        "/c: type changed from integer to string",
        "/d: is gone",
    ]
    assert breaks(old, old) == []


def breaks(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """What a reader or a stored document of the old schema would stumble over in the new one, with its place."""
    return _breaks(old, new, old, new, "", frozenset())


def _breaks(
    old: dict[str, Any],
    new: dict[str, Any],
    old_root: dict[str, Any],
    new_root: dict[str, Any],
    at: str,
    seen: frozenset[str],
) -> list[str]:
    if reference := old.get("$ref"):
        if reference in seen:
            return []
        seen |= {reference}
        old = _resolve(old, old_root)
    new = _resolve(new, new_root)
    found = [f"{at}/{name}: is required now" for name in new.get("required", []) if name not in old.get("required", [])]
    found += [
        f"{at}: {key} changed from {old.get(key)} to {new.get(key)}"
        for key in ("type", "pattern", "format", "minimum", "maximum")
        if old.get(key) != new.get(key) and (key == "type" or key in new)
    ]
    if "enum" in old:
        lost = [value for value in old["enum"] if value not in new.get("enum", old["enum"])]
        found += [f"{at}: no longer one of {', '.join(map(str, lost))}"] if lost else []
    for name, part in old.get("properties", {}).items():
        if name not in new.get("properties", {}):
            found.append(f"{at}/{name}: is gone")
        else:
            found += _breaks(part, new["properties"][name], old_root, new_root, f"{at}/{name}", seen)
    for key in ("items", "additionalProperties"):
        if isinstance(old.get(key), dict) and isinstance(new.get(key), dict):
            found += _breaks(old[key], new[key], old_root, new_root, f"{at}/{key}", seen)
    for each, (part, other) in enumerate(zip(old.get("anyOf", []), new.get("anyOf", []), strict=False)):
        found += _breaks(part, other, old_root, new_root, f"{at}|{each}", seen)
    if len(new.get("anyOf", [])) < len(old.get("anyOf", [])):
        found.append(f"{at}: fewer alternatives")
    return found


def _resolve(schema: dict[str, Any], root: dict[str, Any]) -> dict[str, Any]:
    while reference := schema.get("$ref"):
        schema = root["$defs"][reference.removeprefix("#/$defs/")]
    return schema
