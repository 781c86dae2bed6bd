"""What clients may send, checked by hand: the same words for every version of pydantic."""

import json
import re

from starlette.exceptions import HTTPException
from starlette.requests import Request

MAX_BODY_BYTES = 64 * 1024


async def read_json(request: Request):
    """The body as JSON, whatever its content type. 413 above 64 KiB, 400 when it is not JSON."""
    body = b""
    too_long = False
    # Past the limit the rest is read and dropped: closing on a client that is still sending hides the answer.
    async for chunk in request.stream():
        too_long = too_long or len(body) + len(chunk) > MAX_BODY_BYTES
        body = b"" if too_long else body + chunk
    if too_long:
        raise HTTPException(413, "the body is larger than 64 KiB")
    try:
        return json.loads(body)
    except ValueError:
        raise HTTPException(400, "the body is not valid JSON") from None


def parse_chat(body):
    get = (body if isinstance(body, dict) else {}).get
    conversation, message, pace = get("conversationId"), get("message"), get("paceMs")
    if not isinstance(conversation, str) or not re.fullmatch(r"[\w.-]{1,100}", conversation, re.ASCII):
        raise HTTPException(400, "conversationId must be 1 to 100 letters, digits, dots, underscores or hyphens")
    if not _is_text(message):
        raise HTTPException(400, "message must be text of 1 to 8000 characters")
    if pace is not None and not _is_number(pace, 2000):
        raise HTTPException(400, "paceMs must be a number from 0 to 2000")
    return conversation, message, pace


def parse_job(body) -> dict:
    get = (body if isinstance(body, dict) else {}).get
    if not _is_text(get("text")):
        raise HTTPException(400, "text must be text of 1 to 8000 characters")
    work = get("workMs", 0)
    if not _is_number(work, 60_000):
        raise HTTPException(400, "workMs must be a number from 0 to 60000")
    return {"text": get("text"), "workMs": work}


def _is_text(value) -> bool:
    return isinstance(value, str) and value.strip() != "" and len(value) <= 8000 and "\0" not in value


def _is_number(value, most) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= most
