"""By what an item is told from others: the answer must be the same at each poll."""

from collections import defaultdict
from collections.abc import Sequence
from enum import StrEnum

from connectors.feeds.document import Item
from schemas.identifiers import canonical_url


class NamedBy(StrEnum):
    """Which part of an item makes the identifier of its article."""

    CONTENT = "content"
    GUID = "guid"
    LINK = "link"


def named_by(items: Sequence[Item]) -> list[NamedBy]:
    """For each item of one document, what names it: its link, else its guid, else its content.

    What differing items share names none of them. A link under several guids is a home page, say: the guid decides.
    Items without a link under one guid, or without a guid under one link, are each an article of their own, by its
    content; to take the second for a revision of the first would withdraw what the first says. Link and guid both the
    same is one article, in several revisions.
    """
    of_link: defaultdict[str, set[Item]] = defaultdict(set)
    of_guid: defaultdict[str, set[Item]] = defaultdict(set)
    for item in items:
        if item.link:
            of_link[canonical_url(item.link)].add(item)
        elif item.guid:
            of_guid[item.guid].add(item)
    return [_named_by(item, of_link, of_guid) for item in items]


def _named_by(item: Item, of_link: dict[str, set[Item]], of_guid: dict[str, set[Item]]) -> NamedBy:
    if item.link:
        sharing = of_link[canonical_url(item.link)]
        guids = {other.guid for other in sharing}
        if len(sharing) == 1 or (len(guids) == 1 and item.guid):
            return NamedBy.LINK
        return NamedBy.GUID if item.guid else NamedBy.CONTENT
    if item.guid and len(of_guid[item.guid]) == 1:
        return NamedBy.GUID
    return NamedBy.CONTENT
