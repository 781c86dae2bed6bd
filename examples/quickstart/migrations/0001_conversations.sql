-- One row per conversation: how many turns are stored, and the graph checkpoint the next turn continues from.
CREATE TABLE conversations (
  id            text PRIMARY KEY,
  turns         integer NOT NULL CHECK (turns > 0),
  thread_id     uuid NOT NULL,
  checkpoint_id text NOT NULL,
  release_id    text,
  updated_at    timestamptz NOT NULL DEFAULT now()
);
