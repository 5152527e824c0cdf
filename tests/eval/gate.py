"""Pinned floors: figures that may rise and not fall."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from tests.eval.scorer import Score

FLOORS = Path(__file__).with_name("floors.toml")
_ENOUGH = 100
"""Of fewer mentions, ten bins tell nothing of calibration."""
ROOM = 0.01
"""A floor is pinned so far below today's figure, that one figure may be traded for a little of another."""
SLACK = 0.0005
"""A figure may lie below its floor by rounding."""


def figures(score: Score) -> dict[str, float]:
    """The figures that a floor may be pinned for; higher is better in each."""
    found = {}
    for name in ("article", "event", "date", "vote", "body", "actor_with_role", "party"):
        rate = score.rates[name]
        if rate.gold:
            found[f"{name}_f1"] = rate.f1
    found["event_precision"] = score.rates["event"].precision
    found["article_precision"] = score.rates["article"].precision
    for name in ("modality", "instrument"):
        share = score.shares[name]
        if share is not None:
            found[name] = share
    error = score.shares["calibration_error"]
    if error is not None and score.rates["event"].predicted >= _ENOUGH:
        found["calibration"] = 1.0 - error
    return found


def pinned() -> dict[str, dict[str, float]]:
    """The floors, by set and figure."""
    document = tomllib.loads(FLOORS.read_text(encoding="utf-8"))
    return {name: dict(floors) for name, floors in document.items() if name != "lowered"}


def falls(name: str, found: Mapping[str, float], floors: Mapping[str, float]) -> list[str]:
    """What lies below its floor, each as a sentence."""
    return [
        f"{name}.{figure}: {found[figure]:.3f} is below its floor {floor:.3f}"
        for figure, floor in sorted(floors.items())
        if figure in found and found[figure] < floor - SLACK
    ]


def written(floors: Mapping[str, Mapping[str, float]], lowered: list[str]) -> str:
    """The text of the floors file."""
    lines = [
        "# Floors of `make eval`: raise them by hand or with `python -m tests.eval --raise`.",
        '# One is lowered with `python -m tests.eval --lower SET.FIGURE --reason "…"`, which records why.',
        "",
        "lowered = [",
        *(f"    {_quoted(line)}," for line in lowered),
        "]",
    ]
    for name in sorted(floors):
        lines += ["", f"[{name}]", *(f"{figure} = {floors[name][figure]:.3f}" for figure in sorted(floors[name]))]
    return "\n".join(lines) + "\n"


def lowerings() -> list[str]:
    """Why floors were lowered, oldest first."""
    return list(tomllib.loads(FLOORS.read_text(encoding="utf-8")).get("lowered", []))


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
