"""One JSON line per event on stdout. Fields are facts about the work, never message text or addresses."""

import json
from datetime import datetime, timezone


def log(level: str, event: str, **fields) -> None:
    now = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
    print(json.dumps({"time": now, "level": level, "event": event, **fields}), flush=True)
