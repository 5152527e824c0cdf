"""An engine that reads made-up lines, such as ``signed CHL PER 2026-11-03``, with the verbs that it knows."""

from collections.abc import Callable, Mapping, Sequence

from pipelines.consolidation import statements
from pipelines.transforms.rejected import Rejected
from schemas.article import Article
from schemas.event import Quote
from schemas.mention import Actor, Instrument, Mention, Span
from schemas.ports import Entry
from schemas.state import Report, Source, Statement
from schemas.vocabulary import EventType, InstrumentKind, Modality, Role


class ToyEngine:
    """As `Engine`: each line of a text whose first word is one of the verbs is a mention.

    Args:
        verbs: What each says.
    """

    def __init__(self, verbs: Mapping[str, EventType]) -> None:
        self._verbs = verbs
        self.articles = 0
        self.before: Callable[[], None] = lambda: None

    def run(self, batch: Sequence[Entry[Article]]) -> tuple[list[tuple[str, Statement]], list[Rejected]]:
        """As `Engine.run`."""
        self.before()
        found: list[tuple[str, Statement]] = []
        for entry in batch:
            article = entry.record
            assert isinstance(article, Article)
            self.articles += 1
            reports = [
                Report(self._mention(line), Quote(line))
                for line in article.text.splitlines()
                if line.split()[0] in self._verbs
            ]
            source = Source(
                article=article.id,
                revision=article.revision,
                outlet=article.outlet,
                seen=article.seen,
                title=article.id,
            )
            if reports:
                found.extend(statements(source, reports).items())
            elif article.revision > 1:
                found.append((article.id, Statement(source)))
        return found, []

    def _mention(self, line: str) -> Mention:
        verb, *words = line.split()
        date = next((word for word in words if word[0].isdigit()), None)
        codes = [word for word in words if word != date]
        return Mention(
            type=self._verbs[verb],
            modality=Modality.OCCURRED,
            actors=tuple(Actor(code, Role.SIGNATORY) for code in codes),
            parties=tuple(codes),
            instrument=Instrument("fisheries agreement", InstrumentKind.AGREEMENT),
            date=date,
            evidence=(Span(0, len(line)),),
            confidence=0.9,
        )
