"""Everything the agent takes from its environment, checked once, with errors that name the variable."""

import os
import re
from dataclasses import dataclass, field
from typing import Optional


class ConfigError(Exception):
    """A wrong or missing environment variable."""


@dataclass(frozen=True)
class Config:
    # Both hold a password, so they are not in the text of the object.
    database_url: str = field(repr=False)
    queue_url: str = field(repr=False)
    pool_size: int
    host: str
    port: int
    agent_name: str
    token_delay_ms: int
    job_seconds: int
    lost_after_seconds: int
    release: Optional[str]


def read_config(env=os.environ) -> Config:
    return Config(
        database_url=read_database_url(env),
        queue_url=_url(env, "QUEUE_URL", "redis"),
        pool_size=_integer(env, "DATABASE_POOL_SIZE", 5, 1, 500),
        host=env.get("HOST") or "0.0.0.0",
        port=_integer(env, "PORT", 8000, 0, 65_535),
        agent_name=env.get("AGENT_NAME") or "fastapi-agent",
        token_delay_ms=_integer(env, "TOKEN_DELAY_MS", 20, 0, 2000),
        job_seconds=_integer(env, "JOB_SECONDS", 90, 5, 3600),
        lost_after_seconds=_integer(env, "LOST_AFTER_SECONDS", 20, 1, 3600),
        release=env.get("RELEASE_ID") or None,
    )


def read_database_url(env=os.environ) -> str:
    # SQLAlchemy knows only the long form.
    return re.sub("^postgres:", "postgresql:", _url(env, "DATABASE_URL", "postgresql"))


def _url(env, name: str, scheme: str) -> str:
    """The URL itself never appears in an error: it holds the password."""
    url = env.get(name)
    if not url:
        raise ConfigError(f"{name} is not set: give it a {scheme}:// URL")
    schemes = {"postgresql": r"postgres(ql)?", "redis": r"rediss?"}[scheme]
    if not re.match(rf"{schemes}://\S+$", url):
        raise ConfigError(f"{name} is not a {scheme}:// URL (is its password percent-encoded?)")
    return url


def _integer(env, name: str, fallback: int, least: int, most: int) -> int:
    text = env.get(name)
    if not text:
        return fallback
    if re.fullmatch(r"\d{1,9}", text) and least <= int(text) <= most:
        return int(text)
    raise ConfigError(f'{name} must be a whole number from {least} to {most}, found "{text}"')
