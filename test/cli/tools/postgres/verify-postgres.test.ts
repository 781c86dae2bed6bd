import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { verifyPostgres } from '../../../../cli/tools/postgres/index.js';
import { openTestServer } from '../../../support/postgres-server.js';

const never = new AbortController().signal;

test('with page checksums every page is read, those that no other check looks at included', async () => {
  const server = await openTestServer({ checksums: true });
  try {
    await server.query(`CREATE EXTENSION pg_trgm`);
    await server.query(`CREATE TABLE word AS SELECT md5(i::text) AS body FROM generate_series(1, 2000) i`);
    await server.query(`CREATE INDEX word_body ON word USING gin (body gin_trgm_ops)`);
    await server.query(`CREATE SEQUENCE counter; CREATE MATERIALIZED VIEW later AS SELECT * FROM word WITH NO DATA`);
    await server.query(
      `CREATE UNLOGGED TABLE scratch (id int PRIMARY KEY); CREATE TABLE parts (id int) PARTITION BY RANGE (id)`,
    );
    const whole = await verifyPostgres(server.connection, never);
    const [row] = await server.query(`SELECT pg_relation_filepath('word_body') AS path, 1 AS one`);
    await server.query('CHECKPOINT');

    const restarted = await damagedAndRestarted(server, String(row?.['path']));

    expect(whole).toMatchObject({ databases: ['postgres', 'template1'], checksums: true, tables: 2, rows: 2000 });
    await expect(verifyPostgres(restarted.connection, never)).rejects.toMatchObject({
      code: 'StateUnreadable',
      detail: expect.stringMatching(/word_body: invalid page in block 3 /),
    });
    expect(await restarted.query('SELECT extname::text FROM pg_extension ORDER BY 1')).toEqual([
      { extname: 'pg_trgm' },
      { extname: 'plpgsql' },
    ]);
    await restarted.stop();
  } finally {
    await server.stop();
  }
});

async function damagedAndRestarted(
  server: Awaited<ReturnType<typeof openTestServer>>,
  path: string,
): Promise<Awaited<ReturnType<typeof openTestServer>>> {
  await server.halt();
  const file = join(server.home.dataDirectory, path);
  const content = readFileSync(file);
  content[3 * 8192 + 4000] = (content[3 * 8192 + 4000] ?? 0) ^ 0xff;
  writeFileSync(file, content);
  return await server.startOn(server.home.dataDirectory);
}
