const TIMEOUT_MS = 2_000;

/**
 * Whether the database answers within two seconds and has been migrated. The bound covers waiting for a pool
 * connection too: an agent that cannot get one is not ready either.
 */
export async function checkHealth(pool) {
  const startedAt = performance.now();
  let timer;
  const timeout = new Promise((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('timeout')), TIMEOUT_MS);
  });
  try {
    const query = pool.query({
      text: 'SELECT max(version) AS version FROM schema_migrations',
      query_timeout: TIMEOUT_MS,
    });
    const { rows } = await Promise.race([query, timeout]);
    const schemaVersion = rows[0].version;
    if (schemaVersion === null) return { ok: false };
    return { ok: true, latencyMs: Math.round(performance.now() - startedAt), schemaVersion };
  } catch {
    return { ok: false };
  } finally {
    clearTimeout(timer);
  }
}
