"""The Celery worker. It loses no job: a message is taken off the queue only when its job is finished.

- SIGTERM (a rollout): nothing new is begun, what runs goes on to its end, what waits goes back into the queue.
- a child that dies: its message goes back at once (`task_reject_on_worker_lost`).
- the whole worker killed: its messages come back after `visibility_timeout`.
- a message lost all the same (the queue is emptied, or a worker leaves the moment one is handed to it, which Celery's
  transport for Redis does not survive): the worker looks for jobs that wait too long, and queues them again.
So a job may run twice, and finishes once: see jobs.py.
"""

import signal
import threading
import time

from celery import Celery
from celery.signals import worker_process_init, worker_ready
from sqlalchemy.exc import OperationalError

from .config import read_config
from .database import open_engine
from .jobs import Jobs
from .log import log
from .tools import count_words

config = read_config()
# Longer than a job may run, or it would be handed to a second worker while the first is at it.
VISIBILITY_SECONDS = config.job_seconds + 30
SWEEP_SECONDS = 5

app = Celery("fastapi-agent", broker=config.queue_url)
app.conf.update(
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_time_limit=config.job_seconds,
    # A child takes one message at a time: what waits stays in the queue, for any worker.
    worker_prefetch_multiplier=1,
    task_ignore_result=True,
    broker_transport_options={"visibility_timeout": VISIBILITY_SECONDS},
    broker_connection_retry_on_startup=True,
)

_jobs = None


def jobs() -> Jobs:
    """Opened by each process for itself: a connection must not be shared with the parent."""
    global _jobs
    if _jobs is None:
        _jobs = Jobs(open_engine(config.database_url, size=1, name="fastapi-agent-worker"))
    return _jobs


@worker_process_init.connect
def leave_stopping_to_the_parent(**_):
    # Some supervisors signal the whole process group. The parent tells its children when there is nothing left to do.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)


@worker_ready.connect
def look_for_lost_jobs(**_):
    threading.Thread(target=sweep, daemon=True).start()


def sweep() -> None:
    # Keeps no connection: a child that is started later would inherit it.
    lost = Jobs(open_engine(config.database_url, size=0, name="fastapi-agent-sweep"))
    while True:
        try:
            for job_id in lost.unfinished(waiting=config.lost_after_seconds, running=VISIBILITY_SECONDS):
                run_job.apply_async([job_id])
                log("warning", "job-queued-again", jobId=job_id)
        except Exception as error:
            log("error", "sweep-failed", error=type(error).__name__)
        time.sleep(SWEEP_SECONDS)


# An outage of the database is waited for, at most 30 s between two attempts.
@app.task(name="run_job", autoretry_for=(OperationalError,), retry_backoff=True, retry_backoff_max=30, max_retries=None)
def run_job(job_id: str) -> None:
    input = jobs().begin(job_id)
    if input is None:
        return
    try:
        time.sleep(input["workMs"] / 1000)
        status, result = "done", {"words": int(count_words(input["text"]))}
    except Exception as error:
        status, result = "failed", {"error": type(error).__name__}
    jobs().finish(job_id, status, result, config.release)
