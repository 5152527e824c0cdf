"""Dead letters → articles log."""

from collections.abc import Sequence

from msgspec.structs import replace

from connectors.feeds import replay_article
from schemas.article import Article
from schemas.codec import decode
from schemas.dead_letter import DeadLetter
from schemas.errors import BadRecord
from schemas.ports import ArticleLog, DeadLetters, Feeds
from schemas.vocabulary import Stage


def replay(
    letters: Sequence[DeadLetter], articles: ArticleLog, dead_letters: DeadLetters, feeds: Feeds
) -> tuple[list[DeadLetter], list[tuple[DeadLetter, str]]]:
    """The letters that went to the articles log again, and those that could not, each with the reason.

    A letter is forgotten only after its article is durable in the log: a crash in between sends it twice, which changes
    nothing.
    """
    done: list[DeadLetter] = []
    kept: list[tuple[DeadLetter, str]] = []
    for letter in letters:
        try:
            articles.append([_article(letter, feeds)], again=True)
        except BadRecord as error:
            kept.append((letter, str(error)))
            continue
        dead_letters.remove([letter.id])
        done.append(letter)
    return done, kept


def _article(letter: DeadLetter, feeds: Feeds) -> Article:
    if letter.stage is Stage.FEED:
        raise BadRecord("a whole feed is asked again at its next poll, not replayed")
    if letter.stage is Stage.RECORD:
        if not letter.whole:
            raise BadRecord(f"only the first {len(letter.data)} of {letter.length} bytes were kept")
        return decode(letter.data, Article)
    article = replay_article(letter)
    known = feeds.known([article.id]).get(article.id, ())
    if article.content_hash in known:
        return article
    # An item of a feed that had not become an article yet is the next revision, as at a poll.
    return replace(article, revision=max(article.revision, len(known) + 1))
