"""Which developments each subscription hears of. Pure: no clock, no input or output, no pipeline.

`hears` answers for one query; `Matcher` for any number of them at once; `alerts` for stored subscriptions.
"""

from pipelines.matching.alerts import Audience, alerts
from pipelines.matching.audibility import audible, hears
from pipelines.matching.matcher import Matcher

__all__ = ["Audience", "Matcher", "alerts", "audible", "hears"]
