"""The backfill job: files of articles → states, index, developments log, dead letters."""

import os
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipelines.detection import detector_for
from pipelines.jobs.cluster import job_name
from pipelines.jobs.distributed import JOB_SERVER_S, STARTING_S, Submitted, submit
from pipelines.jobs.upgrade import LEASE
from pipelines.jobs.worker import OpenConsolidator, for_workers, served
from pipelines.transforms.backfill_archive import BackfillArchive
from schemas.errors import Misconfigured
from schemas.ports import Leases
from schemas.settings import Settings
from schemas.vocabulary import Origin


def start_backfill(settings: Settings, files: Sequence[Path]) -> Submitted:
    """Starts a backfill of these files on the cluster, in batch; as `distributed.submit`.

    Raises:
        Misconfigured: Besides: a file is not there, or empty; or an upgrade is at work.
    """
    for file in files:
        if not file.is_file() or not file.stat().st_size:
            raise Misconfigured(f"{file}: there is no such file, or nothing in it")
    paths = [str(file.absolute()) for file in files]
    transform = BackfillArchive(paths, OpenConsolidator(for_workers(settings), Origin.BACKFILL), detector_for)
    with no_upgrade(served(settings).leases):
        return submit(settings, job_name(settings, "backfill"), transform, streaming=False)


@contextmanager
def no_upgrade(leases: Leases) -> Iterator[None]:
    """Keeps an upgrade from beginning while the body runs; afterwards it sees the job on the cluster, and refuses.

    Raises:
        Misconfigured: One is at work: what a backfill writes into the old generation would go with it.
    """
    holder = f"backfill {socket.gethostname()}:{os.getpid()}"
    longest = timedelta(seconds=STARTING_S + JOB_SERVER_S)
    lease = leases.acquire(LEASE, holder, longest, datetime.now(UTC))
    if lease is None:
        raise Misconfigured(
            "`treatywire upgrade` is at work, and would lose what a backfill finds; let it end first, or end it by "
            "`treatywire upgrade --abandon`"
        )
    try:
        yield
    finally:
        leases.release(lease)
