"""A member of a consumer group in a process of its own, worked by lines: ``read N``, ``begin``, ``commit``.

Run as ``python -m tests.integration.kafka.member BOOTSTRAP PREFIX PARTITIONS``. Answers each line with one of JSON.
"""

import json
import sys
from typing import Any

import structlog

from connectors.kafka import KafkaAdapters, KafkaSettings
from schemas.article import Article
from schemas.ports import Entry


def main(bootstrap: str, prefix: str, partitions: str) -> None:
    """Answers until its input ends."""
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    settings = KafkaSettings(bootstrap=bootstrap, prefix=prefix, article_partitions=int(partitions), replication=1)
    adapters = KafkaAdapters(settings)
    reader = adapters.articles.reader("detect")
    batch: list[Entry[Any]] = []
    for line in sys.stdin:
        order, *rest = line.split()
        if order == "read":
            batch = list(reader.read(int(rest[0])))
            answer: object = [entry.record.id for entry in batch if isinstance(entry.record, Article)]
        elif order == "begin":
            answer = reader.begin(batch[0].offset, batch[-1].offset).attempts
        else:
            reader.commit(batch[-1].offset)
            answer = None
        print(json.dumps(answer), flush=True)
    adapters.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
