"""The application server in the container. Sync workers: threads had the worst tail when both were measured."""

import os

bind = "0.0.0.0:8000"  # inside the compose network only: no port of this container is published  # noqa: S104
worker_class = "sync"
workers = int(os.environ.get("WEB_CONCURRENCY", "3"))
timeout = 60
max_requests = 2000  # a worker is replaced now and then, so a slow leak never grows
max_requests_jitter = 200
worker_tmp_dir = "/dev/shm"  # noqa: S108 - a heartbeat on disk may block on a busy host
control_socket_disable = True
forwarded_allow_ips = "*"  # only the proxy can reach this port
accesslog = None  # the proxy keeps the access log
