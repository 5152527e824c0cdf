"""Values that feeds of every format hold, checked."""

import re
from urllib.parse import urljoin

from connectors.feeds.encoding import UNUSABLE

LINE_BREAKS = re.compile(r"[\t\r\n]+")
CREDENTIALS = re.compile(r"^\s*([A-Za-z][A-Za-z0-9+.-]*://)[^/?#]*@")


def web_address(link: object, base: str = "") -> str | None:
    """The link, resolved against `base`, where that is an http or https address, else None."""
    if not isinstance(link, str):
        return None
    link = LINE_BREAKS.sub("", UNUSABLE.sub("", link)).strip()
    try:
        link = urljoin(base, link) if link else ""
    except ValueError:
        return None
    return link if link.lower().startswith(("http://", "https://")) else None


def language_code(code: object) -> str | None:
    """BCP 47 in lower case, None for what is plainly none."""
    if not isinstance(code, str):
        return None
    code = code.strip().replace("_", "-").lower()
    return code if 2 <= len(code) <= 35 and code.isascii() and code.replace("-", "").isalnum() else None


def without_credentials(url: str) -> str:
    """An address as it may be shown and stored in articles: without user name and password."""
    return CREDENTIALS.sub(r"\1", url)
