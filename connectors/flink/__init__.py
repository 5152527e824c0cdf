"""A Flink cluster's REST interface: jobs, savepoints, stopping."""

from connectors.flink.cluster import ENDED, FlinkCluster, Job, Restarts

__all__ = ["ENDED", "FlinkCluster", "Job", "Restarts"]
