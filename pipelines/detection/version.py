"""Which detector and which instrument registry this is: two hashes of what findings depend on."""

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from pipelines.detection.detector import DETECTOR_VERSION

_DATA = frozenset({".json", ".msgpack", ".py", ".tsv"})
_REGISTRY = frozenset({"generic_instruments.tsv", "instruments.tsv"})


@lru_cache(maxsize=1)
def detector_version() -> str:
    """``1.0.0+c-6f2a91d03b.r-b1c3f0a977``: the code with its patterns and data, and the registry, each by its content.

    It is computed when first asked for, in a few milliseconds.
    """
    return version_of(Path(__file__).parent)


def version_of(room: Path) -> str:
    """The version of a detector in this folder: the same wherever the same files are.

    A comment changes it too: telling code that matters from code that does not would cost more than a replay that finds
    the same.
    """
    files = sorted(
        (path for path in room.rglob("*") if path.suffix in _DATA), key=lambda path: path.relative_to(room).parts
    )
    code = _hash(room, (path for path in files if path.name not in _REGISTRY))
    registry = _hash(room, (path for path in files if path.name in _REGISTRY))
    return f"{DETECTOR_VERSION}+c-{code}.r-{registry}"


def _hash(room: Path, files: Iterable[Path]) -> str:
    whole = hashlib.sha256()
    for path in files:
        # Lines end as in the repository, wherever they were checked out.
        content = path.read_bytes().replace(b"\r\n", b"\n")
        whole.update(f"{path.relative_to(room).as_posix()} {len(content)}\n".encode())
        whole.update(content)
    return whole.hexdigest()[:10]
