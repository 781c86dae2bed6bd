"""The agent over HTTP: a streaming chat, jobs for the worker, and what a platform asks."""

import asyncio
import json
import platform

from fastapi import FastAPI
from kombu.exceptions import OperationalError as QueueError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, StreamingResponse

from .agent import GRAPH, create_agent, run_turn
from .bodies import parse_chat, parse_job, read_json
from .config import read_config
from .conversations import Conversations
from .database import open_engine
from .health import Health
from .jobs import Jobs
from .log import log
from .tools import words_in
from .worker import run_job

config = read_config()
engine = open_engine(config.database_url, size=config.pool_size, name=config.agent_name)
conversations = Conversations(engine)
jobs = Jobs(engine)
health = Health(engine, config.queue_url)
agent = create_agent()
app = FastAPI(title=config.agent_name)

# Tokens at once. nginx would otherwise collect them and deliver them together.
STREAM_HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no"}


@app.exception_handler(HTTPException)
async def tell(_request: Request, error: HTTPException):
    return JSONResponse({"error": error.detail}, error.status_code)


@app.post("/chat")
async def chat(request: Request):
    conversation, message, pace_ms = parse_chat(await read_json(request))
    pace = (config.token_delay_ms if pace_ms is None else pace_ms) / 1000
    return StreamingResponse(turn(conversation, message, pace), media_type="text/event-stream", headers=STREAM_HEADERS)


async def turn(conversation: str, message: str, pace: float):
    try:
        turns, state = await run_in_threadpool(conversations.find, conversation)
        turns += 1
        reply, facts = await run_in_threadpool(
            run_turn, agent, agent_name=config.agent_name, turn=turns, message=message, facts=state["facts"]
        )
        for index, token in enumerate(words_in(reply)):
            if index > 0 and pace > 0:
                await asyncio.sleep(pace)
            yield event("token", {"text": token})
        is_stored = await run_in_threadpool(
            conversations.append,
            id=conversation,
            turns=turns,
            state={"facts": facts},
            release=config.release,
            message=message,
            reply=reply,
        )
    except asyncio.CancelledError:
        log("info", "chat-abandoned", conversationId=conversation)
        raise
    except Exception as error:
        # The message of a driver's error likes to hold users, hosts and values.
        log("error", "chat-failed", conversationId=conversation, error=type(error).__name__)
        yield event("error", {"code": "unavailable", "message": "the turn was not stored; send it again"})
        return
    if is_stored:
        yield event("done", {"conversationId": conversation, "turns": turns, "release": config.release})
    else:
        yield event("error", {"code": "conflict", "message": "another message was answered first; send this one again"})


def event(name: str, data: dict) -> str:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


@app.get("/conversations/{id}")
def show_conversation(id: str):
    found = conversations.read(id)
    if found is None:
        raise HTTPException(404, "there is no such conversation")
    return JSONResponse(found)


@app.post("/jobs", status_code=202)
async def add_job(request: Request):
    job = parse_job(await read_json(request))
    # The row first: a job that the answer names is never lost, even if the queue is.
    id = await run_in_threadpool(jobs.add, job)
    try:
        await run_in_threadpool(run_job.apply_async, [id], retry=False)
    except (QueueError, OSError) as error:
        log("error", "job-not-queued", error=type(error).__name__)
        await run_in_threadpool(jobs.forget, id)
        raise HTTPException(503, "the job was not taken; send it again") from None
    return {"jobId": id, "status": "queued"}


@app.get("/jobs/{id}")
def show_job(id: str):
    found = jobs.find(id) if is_uuid(id) else None
    if found is None:
        raise HTTPException(404, "there is no such job")
    return found


def is_uuid(text: str) -> bool:
    return len(text) == 36 and all(letter in "0123456789abcdef-" for letter in text)


@app.get("/health")
async def show_health():
    found = await health.check()
    return JSONResponse({**found, "release": config.release}, 200 if found["status"] == "ok" else 503)


@app.get("/livez")
async def show_live():
    return {"status": "alive"}


@app.get("/version")
async def show_version():
    return {
        "agent": config.agent_name,
        "release": config.release,
        "python": platform.python_version(),
        "graph": GRAPH,
    }
