"""Conversations: the state of the graph after the last stored turn, and what was said."""

from alembic import op

revision = "0001"
down_revision = None


def upgrade():
    op.execute(
        """
        CREATE TABLE conversations (
          id         text PRIMARY KEY,
          turns      integer NOT NULL CHECK (turns > 0),
          state      jsonb NOT NULL,
          release_id text,
          updated_at timestamptz NOT NULL DEFAULT now()
        );
        -- A turn is two rows, written together with the conversation's row or not at all.
        CREATE TABLE messages (
          conversation_id text NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
          position        integer NOT NULL CHECK (position >= 0),
          role            text NOT NULL CHECK (role IN ('user', 'assistant')),
          content         text NOT NULL,
          created_at      timestamptz NOT NULL DEFAULT now(),
          PRIMARY KEY (conversation_id, position)
        );
        """
    )


def downgrade():
    op.execute("DROP TABLE messages; DROP TABLE conversations")
