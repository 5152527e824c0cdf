"""Treaty events in an article's text: pure, no clock, no input or output."""

from pipelines.detection.detector import DETECTOR_VERSION, Detector, detector_for
from pipelines.detection.quote import quote

__all__ = ["DETECTOR_VERSION", "Detector", "detector_for", "quote"]
