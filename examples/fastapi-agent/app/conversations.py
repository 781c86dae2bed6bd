"""The conversations people were told are stored: the state of the graph, and what was said."""

import hashlib
import json
from typing import Optional

from sqlalchemy import text
from sqlalchemy.engine import Engine

# One statement. Nothing is written when another turn of the same conversation was stored first.
APPEND = text(
    """
    WITH conversation AS (
      INSERT INTO conversations (id, turns, state, release_id)
      VALUES (:id, :turns, CAST(:state AS jsonb), :release)
      ON CONFLICT (id) DO UPDATE
        SET turns = excluded.turns, state = excluded.state, release_id = excluded.release_id, updated_at = now()
        WHERE conversations.turns = excluded.turns - 1
      RETURNING id, turns
    )
    INSERT INTO messages (conversation_id, position, role, content)
    SELECT id, turns * 2 - 2, 'user', :message FROM conversation
    UNION ALL
    SELECT id, turns * 2 - 1, 'assistant', :reply FROM conversation
    """
)


class Conversations:
    def __init__(self, engine: Engine):
        self._engine = engine

    def find(self, id: str):
        """How many turns are stored, and the state the next one begins with."""
        with self._engine.connect() as connection:
            row = connection.execute(text("SELECT turns, state FROM conversations WHERE id = :id"), {"id": id}).first()
        return (0, {"facts": {}}) if row is None else (row.turns, row.state)

    def append(self, *, id: str, turns: int, state: dict, release: Optional[str], message: str, reply: str) -> bool:
        """Stores a turn. False: another one of the same conversation was stored first."""
        values = {"id": id, "turns": turns, "release": release, "message": message, "reply": reply}
        with self._engine.begin() as connection:
            return connection.execute(APPEND, {**values, "state": json.dumps(state)}).rowcount == 2

    def read(self, id: str) -> Optional[dict]:
        """All messages in order; `checksum` is the sha256 of their JSON as it stands in the response."""
        query = "SELECT position, role, content, created_at FROM messages WHERE conversation_id = :id ORDER BY position"
        with self._engine.connect() as connection:
            rows = connection.execute(text(query), {"id": id}).all()
        if not rows:
            return None
        messages = [
            {
                "position": row.position,
                "role": row.role,
                "content": row.content,
                "createdAt": row.created_at.isoformat(timespec="milliseconds"),
            }
            for row in rows
        ]
        written = json.dumps(messages, ensure_ascii=False, separators=(",", ":"))
        checksum = hashlib.sha256(written.encode()).hexdigest()
        return {"conversationId": id, "turns": len(messages) // 2, "messages": messages, "checksum": checksum}
