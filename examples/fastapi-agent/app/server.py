"""Starts the agent. On the first SIGTERM: no new connections, every open stream runs to its end. On the second: now."""

import sys

import uvicorn

from .config import ConfigError, read_config


def main() -> None:
    try:
        config = read_config()
    except ConfigError as error:
        sys.exit(f"server: {error}")
    # Longer than a load balancer's idle timeout (300 s): if we closed first, its next request would meet a closed
    # connection.
    uvicorn.run(
        "app.main:app", host=config.host, port=config.port, timeout_keep_alive=320, access_log=False, log_level="info"
    )


if __name__ == "__main__":
    main()
