"""The table of metrics, from the metrics themselves."""

from collections.abc import Mapping, Sequence

from msgspec import Struct
from prometheus_client.metrics import MetricWrapperBase

from pipelines.jobs.observe import Metrics

COMPONENTS = ("fetch", "detect", "alert", "deliver", "upgrade", "run")
BEGIN, END = "<!-- metrics, made by `make deploy-files`: -->", "<!-- end of metrics -->"


class Exported(Struct, frozen=True):
    """One metric of ours as it is exported."""

    name: str
    """Of the family: a counter's samples end in ``_total``."""
    kind: str
    labels: tuple[str, ...]
    """Besides `component`."""
    says: str
    components: tuple[str, ...]
    """Which export it."""


def exported() -> Sequence[Exported]:
    """All of ours, as they are declared; those of the Python process come besides."""
    shown: Mapping[str, set[str]] = {one: {family.name for family in Metrics(one).collect()} for one in COMPONENTS}
    found = []
    for metric in vars(Metrics("run")).values():
        if isinstance(metric, MetricWrapperBase):
            (family,) = metric.describe()
            # Only the object itself knows the labels of a metric that has no series yet.
            labels = tuple(metric._labelnames)
            components = tuple(one for one in COMPONENTS if family.name in shown[one])
            found.append(Exported(family.name, family.type, labels, family.documentation, components))
    return found


def with_metrics(readme: str) -> str:
    """The same text, with the table between the marks."""
    before, rest = readme.split(BEGIN, 1)
    after = rest.split(END, 1)[1]
    rows = ["| metric | kind | by | of | says |", "|---|---|---|---|---|"]
    for one in exported():
        name = one.name + ("_total" if one.kind == "counter" else "")
        of = "all" if len(one.components) == len(COMPONENTS) else ", ".join(one.components)
        rows.append(f"| `{name}` | {one.kind} | {', '.join(one.labels) or '-'} | {of} | {one.says} |")
    return f"{before}{BEGIN}\n" + "\n".join(rows) + f"\n{END}{after}"
