"""Prints how well detection does on every gold set, and fails where a figure fell below its floor.

python -m tests.eval [--raise] [--lower SET.FIGURE --reason "…"]
"""

import argparse
import math
import sys

from tests.eval.gate import FLOORS, ROOM, falls, figures, lowerings, pinned, written
from tests.eval.scorer import Score, score
from tests.eval.sets import GoldSet, missing_sets, own_sets, predictions, shared_sets

_SHOWN = 10


def main() -> int:
    """0 where every figure holds its floor, 1 where one fell, 2 for misuse."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.eval", description=__doc__.splitlines()[0] if __doc__ else ""
    )
    parser.add_argument(
        "--raise", action="store_true", dest="lift", help="pin every floor at today's figure where that is higher"
    )
    parser.add_argument("--lower", metavar="SET.FIGURE", help="pin one floor at today's lower figure")
    parser.add_argument("--reason", help="why a floor is lowered; kept in the floors file")
    options = parser.parse_args()
    if bool(options.lower) != bool(options.reason):
        parser.error("--lower and --reason go together")
    sets = [*own_sets(), *shared_sets()]
    scores = {gold.name: score(gold.articles, predictions(gold)) for gold in sets}
    _print_table(scores)
    _print_types(scores)
    _print_confusions(sets, scores)
    if missing := missing_sets():
        print(f"\nnot there, so not scored: {', '.join(missing)} (TREATYWIRE_GOLD names their folder)")
    floors = pinned()
    if options.lower:
        name, _, figure = options.lower.partition(".")
        if figure not in floors.get(name, {}):
            parser.error(f"--lower {options.lower}: no such floor")
        now = _floor(figures(scores[name])[figure])
        reason = f"{options.lower}: {floors[name][figure]:.3f} to {now:.3f}: {options.reason}"
        floors[name][figure] = now
        FLOORS.write_text(written(floors, [*lowerings(), reason]), encoding="utf-8")
    if options.lift:
        for name, found in scores.items():
            raised = {
                figure: max(_floor(value), floors.get(name, {}).get(figure, 0.0))
                for figure, value in figures(found).items()
            }
            floors[name] = raised
        FLOORS.write_text(written(floors, lowerings()), encoding="utf-8")
    fallen = [line for name, found in scores.items() for line in falls(name, figures(found), floors.get(name, {}))]
    print("\n" + ("\n".join(fallen) if fallen else "every figure holds its floor"))
    return 1 if fallen else 0


def _floor(value: float) -> float:
    """A figure as a floor: a little below it, cut to three digits."""
    return max(0.0, math.floor((value - ROOM) * 1000) / 1000)


def _print_table(scores: dict[str, Score]) -> None:
    width = max(len(name) for name in scores)
    print(
        f"{'':{width}}  articles  art P art F1 |  ev P  ev R  ev F1 | actor party |"
        " date P   R | vote P   R | body P   R | modal instr   ECE | date=pub"
    )
    for name, found in scores.items():
        rates, shares = found.rates, found.shares
        print(
            f"{name:{width}}  {found.articles:8}  {rates['article'].precision:.2f}  {rates['article'].f1:.2f}  |"
            f"  {rates['event'].precision:.2f}  {rates['event'].recall:.2f}  {rates['event'].f1:.3f} |"
            f"  {rates['actor_with_role'].f1:.2f}  {rates['party'].f1:.2f} |"
            + "".join(f"   {rates[each].precision:.2f} {rates[each].recall:.2f} |" for each in ("date", "vote", "body"))
            + "".join(f"  {_share(shares[each])}" for each in ("modality", "instrument", "calibration_error"))
            + f" |  {_share(shares['published_as_date'])}"
        )


def _print_types(scores: dict[str, Score]) -> None:
    print("\nevent F1 by type (gold events)")
    types = sorted({name for found in scores.values() for name in found.per_type})
    width = max(len(name) for name in types)
    print(f"{'':{width}}  " + "  ".join(f"{name[:20]:>20}" for name in scores))
    for name in types:
        cells = []
        for found in scores.values():
            rate = found.per_type.get(name)
            cells.append(f"{rate.f1:.2f} ({rate.gold})" if rate is not None else "-")
        print(f"{name:{width}}  " + "  ".join(f"{cell:>20}" for cell in cells))


def _print_confusions(sets: list[GoldSet], scores: dict[str, Score]) -> None:
    print("\nworst confusions (open sets and own gold)")
    total: dict[str, int] = {}
    for gold in sets:
        if gold.sealed:
            continue
        for what, times in scores[gold.name].confusions:
            total[what] = total.get(what, 0) + times
    for what, times in sorted(total.items(), key=lambda item: (-item[1], item[0]))[:_SHOWN]:
        print(f"{times:6}  {what}")


def _share(value: float | None) -> str:
    return "   -" if value is None else f"{value:.2f}"


if __name__ == "__main__":
    sys.exit(main())
