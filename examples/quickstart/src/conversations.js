import { createHash } from 'node:crypto';

/**
 * The conversations people were told are stored. The checkpointer keeps every step of every attempt; a row here says
 * which checkpoint counts. A turn that died half way, or lost a race, is a branch that nothing points to.
 */
export function createConversations(pool) {
  return {
    /** Where the next turn starts, or undefined for a new conversation. */
    async find(id) {
      const { rows } = await pool.query(
        'SELECT turns, thread_id AS "threadId", checkpoint_id AS "checkpointId" FROM conversations WHERE id = $1',
        [id],
      );
      return rows[0];
    },

    /** Stores a turn in one statement. False: another turn of the same conversation was stored first. */
    async append({ id, turns, threadId, checkpointId, release, message, reply }) {
      const { rowCount } = await pool.query(
        `WITH conversation AS (
           INSERT INTO conversations (id, turns, thread_id, checkpoint_id, release_id)
           VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT (id) DO UPDATE
             SET turns = excluded.turns, checkpoint_id = excluded.checkpoint_id,
                 release_id = excluded.release_id, updated_at = now()
             WHERE conversations.turns = excluded.turns - 1
           RETURNING id, turns
         )
         INSERT INTO messages (conversation_id, position, role, content)
         SELECT id, turns * 2 - 2, 'user', $6::text FROM conversation
         UNION ALL
         SELECT id, turns * 2 - 1, 'assistant', $7::text FROM conversation`,
        [id, turns, threadId, checkpointId, release, message, reply],
      );
      return rowCount === 2;
    },

    /** All messages in order; `checksum` is the sha256 of their JSON as it stands in the response. */
    async read(id) {
      const { rows: messages } = await pool.query(
        `SELECT position, role, content, created_at AS "createdAt"
         FROM messages WHERE conversation_id = $1 ORDER BY position`,
        [id],
      );
      if (messages.length === 0) return undefined;
      const checksum = createHash('sha256').update(JSON.stringify(messages)).digest('hex');
      return { conversationId: id, turns: messages.length / 2, messages, checksum };
    },
  };
}
