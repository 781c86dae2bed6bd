"""The engine, in the way that SQLAlchemy 1.4 and 2.0 have in common."""

from sqlalchemy import create_engine
from sqlalchemy.engine import Engine
from sqlalchemy.pool import NullPool


def open_engine(url: str, *, size: int, name: str) -> Engine:
    """`size`: connections that are kept and never exceeded; 0 keeps none, and opens one for each use."""
    pool = {"poolclass": NullPool} if size == 0 else {"pool_size": size, "max_overflow": 0, "pool_timeout": 5}
    return create_engine(
        url,
        future=True,
        # A connection that broke while idle (a database restart, a failover) is replaced before it is used.
        pool_pre_ping=True,
        **pool,
        connect_args={
            "connect_timeout": 3,
            # Milliseconds that sent data may stay unanswered: a database that vanished is noticed.
            "tcp_user_timeout": 10_000,
            "keepalives_idle": 30,
            "application_name": name,
        },
    )
