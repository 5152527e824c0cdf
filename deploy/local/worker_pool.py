"""Python workers for Flink, started when a job asks for them: ``python -m deploy.local.worker_pool PORT``.

Beam's own program for this listens on every interface, and whoever reaches it can run code here. That is for the
inside of a pod; this one listens on loopback alone.
"""

import sys
from concurrent.futures import ThreadPoolExecutor

import grpc  # type: ignore[import-untyped]
from apache_beam.portability.api import beam_fn_api_pb2_grpc
from apache_beam.runners.worker.worker_pool_main import BeamFnExternalWorkerPoolServicer


def serve(port: int) -> grpc.Server:
    """A running pool; each worker is a process of its own, and ends with the pool's process group."""
    pool = BeamFnExternalWorkerPoolServicer(use_process=True, data_buffer_time_limit_ms=-1)
    options = [("grpc.http2.max_pings_without_data", 0), ("grpc.http2.max_ping_strikes", 0)]
    server = grpc.server(ThreadPoolExecutor(), options=options)
    beam_fn_api_pb2_grpc.add_BeamFnExternalWorkerPoolServicer_to_server(pool, server)  # type: ignore[no-untyped-call]
    server.add_insecure_port(f"127.0.0.1:{port}")
    server.start()
    return server


if __name__ == "__main__":
    serve(int(sys.argv[1])).wait_for_termination()
