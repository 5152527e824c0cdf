"""The backfill job: files of articles → states, index, developments log, dead letters."""

from collections.abc import Sequence
from pathlib import Path

from pipelines.detection import detector_for
from pipelines.jobs.cluster import job_name
from pipelines.jobs.distributed import Submitted, submit
from pipelines.jobs.worker import OpenConsolidator, for_workers
from pipelines.transforms.backfill_archive import BackfillArchive
from schemas.errors import Misconfigured
from schemas.settings import Settings
from schemas.vocabulary import Origin


def start_backfill(settings: Settings, files: Sequence[Path]) -> Submitted:
    """Starts a backfill of these files on the cluster, in batch; as `distributed.submit`.

    Raises:
        Misconfigured: Besides: a file is not there, or empty.
    """
    for file in files:
        if not file.is_file() or not file.stat().st_size:
            raise Misconfigured(f"{file}: there is no such file, or nothing in it")
    paths = [str(file.absolute()) for file in files]
    transform = BackfillArchive(paths, OpenConsolidator(for_workers(settings), Origin.BACKFILL), detector_for)
    return submit(settings, job_name(settings, "backfill"), transform, streaming=False)
