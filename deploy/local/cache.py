"""The folder of what is downloaded once and used by every instance."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from platformdirs import user_cache_path


def cache_folder() -> Path:
    """`TREATYWIRE_CACHE`, else `treatywire` in the XDG cache home; absolute."""
    told = os.environ.get("TREATYWIRE_CACHE")
    return Path(told).expanduser().absolute() if told else user_cache_path("treatywire")


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Holds a folder or file against every other process that locks it; waits until it is free."""
    handle = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def made_once(name: str, make: Callable[[Path], None]) -> Path:
    """A folder of the cache, made by whoever needs it first; the others wait for it.

    It appears whole or not at all: what a killed process has left half made is thrown away.

    Args:
        name: The folder's name, which says everything that decides its contents.
        make: Fills an empty folder.
    """
    cache = cache_folder()
    made = cache / name
    if made.exists():
        return made
    cache.mkdir(parents=True, exist_ok=True)
    lock = cache / f"{name}.lock"
    lock.touch()
    with locked(lock):
        if not made.exists():
            for left in cache.glob(f".{name}-*"):
                shutil.rmtree(left)
            with tempfile.TemporaryDirectory(prefix=f".{name}-", dir=cache) as work:
                making = Path(work) / "made"
                making.mkdir()
                make(making)
                making.rename(made)
    return made
