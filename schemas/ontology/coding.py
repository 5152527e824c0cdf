"""From an event to its codes."""

from msgspec.structs import replace

from schemas.event import Cameo, EventView, Plover
from schemas.ontology.tables import AUXILIARY, Coding, codings, topics
from schemas.vocabulary import Modality


def coded(view: EventView) -> EventView:
    """The same view with its CAMEO and PLOVER codes, by the tables as they are now."""
    coding = coding_of(view)
    code = coding.cameo.code
    return replace(
        view,
        cameo=Cameo(code[:2], code),
        plover=Plover(coding.plover.type, coding.plover.mode or None, _contexts(view, coding)),
    )


def coding_of(view: EventView) -> Coding:
    """The row of the table that holds for an event: the first that does."""
    return next(coding for coding in codings()[view.type, view.modality] if coding.holds(view))


def _contexts(view: EventView, coding: Coding) -> tuple[str, ...]:
    """The row's contexts, those of the subject by name, and last the auxiliary modes."""
    subjects = {topic.context for topic in topics() if topic.holds(view)}
    auxiliary = {context for context in coding.contexts if context in AUXILIARY}
    if view.modality is Modality.OCCURRED and not view.news:
        auxiliary.add("historical")
    return (*sorted({*coding.contexts, *subjects} - auxiliary), *sorted(auxiliary))
