"""What a worker process opens once, whichever of its threads and bundles needs it first.

In a module, and not in what a DoFn holds: that is pickled for each bundle processor, and each would connect anew.
"""

import threading
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

T = TypeVar("T")

_LOCK = threading.RLock()
_OPENED: dict[Any, Any] = {}


def once(factory: Callable[..., T], *arguments: Hashable) -> T:
    """What the factory gives, made at the first call with equal arguments in this process; a failure is not kept.

    Args:
        factory: Hashable, and equal to those that open the same. It may itself call this.
        arguments: What it is given.
    """
    with _LOCK:
        key = (factory, *arguments)
        if key not in _OPENED:
            _OPENED[key] = factory(*arguments)
        opened: T = _OPENED[key]
        return opened
