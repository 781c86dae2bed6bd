"""Jobs: what was asked for, how often it was tried, and what came of it."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade():
    op.execute(
        """
        CREATE TABLE jobs (
          id          uuid PRIMARY KEY,
          status      text NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'running', 'done', 'failed')),
          input       jsonb NOT NULL,
          result      jsonb,
          attempts    integer NOT NULL DEFAULT 0,
          completions integer NOT NULL DEFAULT 0,
          release_id  text,
          created_at  timestamptz NOT NULL DEFAULT now(),
          touched_at  timestamptz NOT NULL DEFAULT now()
        );
        CREATE INDEX jobs_unfinished ON jobs (touched_at) WHERE status IN ('queued', 'running');
        """
    )


def downgrade():
    op.execute("DROP TABLE jobs")
