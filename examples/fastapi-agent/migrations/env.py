from logging.config import fileConfig

from alembic import context
from sqlalchemy import create_engine, pool, text

from app.config import read_database_url

# Any constant will do, as long as every release uses the same one.
ADVISORY_LOCK = 7_261_004
WAIT_FOR_OTHER_RUN_MS = 120_000
# A migration that queues behind a long transaction makes every later reader queue behind it: better to fail and retry.
WAIT_FOR_TABLE_MS = 5_000

fileConfig(context.config.config_file_name)
engine = create_engine(
    read_database_url(),
    future=True,
    poolclass=pool.NullPool,
    connect_args={"connect_timeout": 10, "application_name": "fastapi-agent-migrate"},
)

with engine.connect() as connection:
    # For the session: the lock is held until the connection closes, whatever happens to the transactions meanwhile.
    connection.execute(text(f"SET lock_timeout = {WAIT_FOR_OTHER_RUN_MS}"))
    connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": ADVISORY_LOCK})
    connection.execute(text(f"SET lock_timeout = {WAIT_FOR_TABLE_MS}"))
    connection.commit()
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
