"""Values that feeds of every format hold, checked."""

from urllib.parse import urlsplit

from connectors.feeds.encoding import UNUSABLE


def web_address(link: object) -> str | None:
    """The link where it is an http or https address, else None."""
    if not isinstance(link, str):
        return None
    link = "".join(UNUSABLE.sub("", link).split())
    return link if link.lower().startswith(("http://", "https://")) else None


def language_code(code: object) -> str | None:
    """BCP 47 in lower case, None for what is plainly none."""
    if not isinstance(code, str):
        return None
    code = code.strip().replace("_", "-").lower()
    return code if 2 <= len(code) <= 35 and code.isascii() and code.replace("-", "").isalnum() else None


def without_credentials(url: str) -> str:
    """An address as it may be shown and stored in articles: without user name and password."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl() if "@" in parts.netloc else url
