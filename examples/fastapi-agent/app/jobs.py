"""Jobs as rows. They are the truth; a message in the queue only says which row to look at, so it may come twice."""

import json
import uuid
from typing import List, Optional

from sqlalchemy import text
from sqlalchemy.engine import Engine


class Jobs:
    def __init__(self, engine: Engine):
        self._engine = engine

    def add(self, input: dict) -> str:
        id = str(uuid.uuid4())
        self._run("INSERT INTO jobs (id, input) VALUES (:id, CAST(:input AS jsonb))", id=id, input=json.dumps(input))
        return id

    def forget(self, id: str) -> None:
        """A job that could not be queued, and that nobody was told about."""
        self._run("DELETE FROM jobs WHERE id = :id AND status = 'queued'", id=id)

    def find(self, id: str) -> Optional[dict]:
        columns = "id, status, result, attempts, completions, release_id"
        with self._engine.connect() as connection:
            row = connection.execute(text(f"SELECT {columns} FROM jobs WHERE id = :id"), {"id": id}).first()
        if row is None:
            return None
        return {
            "jobId": str(row.id),
            "status": row.status,
            "result": row.result,
            "attempts": row.attempts,
            "completions": row.completions,
            "release": row.release_id,
        }

    def begin(self, id: str) -> Optional[dict]:
        """The input of a job, or None when it is finished: its message came twice."""
        with self._engine.begin() as connection:
            row = connection.execute(
                text(
                    "UPDATE jobs SET status = 'running', attempts = attempts + 1, touched_at = now() "
                    "WHERE id = :id AND status IN ('queued', 'running') RETURNING input"
                ),
                {"id": id},
            ).first()
        return None if row is None else row.input

    def finish(self, id: str, status: str, result: dict, release: Optional[str]) -> bool:
        """False: another attempt finished it first. What else a job changes belongs into this transaction."""
        statement = (
            "UPDATE jobs SET status = :status, result = CAST(:result AS jsonb), release_id = :release, "
            "completions = completions + 1, touched_at = now() WHERE id = :id AND status IN ('queued', 'running')"
        )
        return self._run(statement, id=id, status=status, result=json.dumps(result), release=release) == 1

    def unfinished(self, *, waiting: int, running: int) -> List[str]:
        """Jobs that nothing has happened to for so many seconds. Each is named to one caller, once in that time."""
        with self._engine.begin() as connection:
            rows = connection.execute(
                text(
                    "UPDATE jobs SET touched_at = now() "
                    "WHERE (status = 'queued' AND touched_at < now() - make_interval(secs => :waiting)) "
                    "OR (status = 'running' AND touched_at < now() - make_interval(secs => :running)) RETURNING id"
                ),
                {"waiting": waiting, "running": running},
            ).all()
        return [str(row.id) for row in rows]

    def _run(self, statement: str, **values) -> int:
        with self._engine.begin() as connection:
            return connection.execute(text(statement), values).rowcount
