"""How jobs log: JSON lines on standard error, which the supervisor and log collectors read."""

import logging
import sys

import structlog


def configure_logging(*, for_people: bool) -> None:
    """Sends structlog's events to standard error: coloured lines for people, else JSON; times are UTC."""
    processors: list[structlog.typing.Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    if for_people:
        processors[-1:] = [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]
    else:
        processors.append(structlog.processors.JSONRenderer(default=str, ensure_ascii=False))
    structlog.configure(
        processors=processors,
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    # Libraries that log by the standard way (Beam, above all) are heard when something is wrong.
    logging.basicConfig(level=logging.ERROR, stream=sys.stderr)
