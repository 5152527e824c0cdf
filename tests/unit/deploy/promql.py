"""What a query takes, and which labels its result has: as far as our rules and panels go."""

import promql_parser as promql
from msgspec import Struct

SCRAPED = frozenset({"instance", "job"})
"""What Prometheus adds to every series."""
KEEPING = frozenset({"changes", "increase", "max_over_time", "min_over_time", "rate", "resets"})


class UnknownError(Exception):
    """A query names what is not there."""


class Series(Struct, frozen=True):
    """What may be asked of one sample name: its labels, and the values of those that are a closed list."""

    labels: frozenset[str]
    values: dict[str, frozenset[str]]


def labels_of(query: str, known: dict[str, Series]) -> frozenset[str]:
    """The labels of the result.

    Raises:
        UnknownError: A metric, label or value does not exist, or two sides can never match.
        ValueError: It is no PromQL.
    """
    return _labels(promql.parse(query.replace("$__rate_interval", "5m")), known)


def _labels(node: object, known: dict[str, Series]) -> frozenset[str]:
    match node:
        case promql.NumberLiteral():
            return frozenset()
        case promql.ParenExpr():
            return _labels(node.expr, known)
        case promql.MatrixSelector():
            return _selected(node.vector_selector, known)
        case promql.VectorSelector():
            return _selected(node, known)
        case promql.AggregateExpr():
            return _aggregated(node, known)
        case promql.BinaryExpr():
            return _joined(node, known)
        case promql.Call():
            return _called(node, known)
        case _:
            raise UnknownError(f"nobody has said what {type(node).__name__} does to labels")


def _selected(node: promql.VectorSelector, known: dict[str, Series]) -> frozenset[str]:
    if node.name not in known:
        raise UnknownError(f"no metric {node.name}")
    series = known[node.name]
    for matcher in node.matchers.matchers:
        if matcher.name not in series.labels:
            raise UnknownError(f"{node.name} has no label {matcher.name}")
        values = series.values.get(matcher.name)
        if values is not None and matcher.value and matcher.value not in values:
            raise UnknownError(f"{node.name}: {matcher.name} is never {matcher.value}")
    return series.labels


def _aggregated(node: promql.AggregateExpr, known: dict[str, Series]) -> frozenset[str]:
    inner = _labels(node.expr, known)
    kept = frozenset(node.modifier.labels) if node.modifier else frozenset[str]()
    if missing := kept - inner:
        raise UnknownError(f"by {', '.join(sorted(missing))}: not among {', '.join(sorted(inner))}")
    return kept


def _joined(node: promql.BinaryExpr, known: dict[str, Series]) -> frozenset[str]:
    left, right = _labels(node.lhs, known), _labels(node.rhs, known)
    if isinstance(node.lhs, promql.NumberLiteral) or isinstance(node.rhs, promql.NumberLiteral):
        return left | right
    if str(node.op) == "or":
        return left | right
    on = frozenset(node.modifier.matching.labels) if node.modifier and node.modifier.matching else None
    if on is None and _is_call(node.lhs, "time"):
        return right
    if on is None and left != right:
        raise UnknownError(f"{sorted(left)} {node.op} {sorted(right)}: these never match")
    return left


def _called(node: promql.Call, known: dict[str, Series]) -> frozenset[str]:
    if node.func.name == "time":
        return frozenset()
    if node.func.name == "absent":
        _labels(node.args[0], known)
        return frozenset(matcher.name for matcher in node.args[0].matchers.matchers)
    if node.func.name == "histogram_quantile":
        inner = _labels(node.args[1], known)
        if "le" not in inner:
            raise UnknownError("histogram_quantile without le")
        return inner - {"le"}
    if node.func.name in KEEPING:
        return _labels(node.args[0], known)
    raise UnknownError(f"nobody has said what {node.func.name} does to labels")


def _is_call(node: object, name: str) -> bool:
    return isinstance(node, promql.Call) and node.func.name == name
