"""Whether the database and the queue answer, within a bound that covers waiting for a connection too."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor

import redis
from sqlalchemy import text
from sqlalchemy.engine import Engine

TIMEOUT_SECONDS = 2


class Health:
    def __init__(self, engine: Engine, queue_url: str):
        self._engine = engine
        self._queue = redis.Redis.from_url(queue_url, socket_timeout=2, socket_connect_timeout=2)
        # Threads of its own: a check must not wait behind requests, nor requests behind checks that hang.
        self._threads = ThreadPoolExecutor(4, "health")

    async def check(self) -> dict:
        database, queue = await asyncio.gather(self._bounded(self._database), self._bounded(self._ping))
        return {"status": "ok" if database["ok"] and queue["ok"] else "degraded", "database": database, "queue": queue}

    async def _bounded(self, look) -> dict:
        started = time.monotonic()
        try:
            future = asyncio.get_running_loop().run_in_executor(self._threads, look)
            found = await asyncio.wait_for(future, TIMEOUT_SECONDS)
        except Exception:
            return {"ok": False}
        return {"ok": True, "latencyMs": round((time.monotonic() - started) * 1000), **found}

    def _database(self) -> dict:
        with self._engine.connect() as connection:
            version = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
        return {"schemaVersion": version}

    def _ping(self) -> dict:
        self._queue.ping()
        return {}
