import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findRedisBinary } from '../../../../cli/tools/redis/index.js';
import { redisConfig } from '../../../../cli/tools/redis/server-process.js';

test('the password and the directory are quoted, and only this machine can connect', () => {
  expect(redisConfig({ directory: '/my project/redis', port: 6380, password: 'a"b' }).split('\n')).toEqual([
    'bind 127.0.0.1',
    'port 6380',
    'protected-mode yes',
    'daemonize no',
    'requirepass "a\\"b"',
    'dir "/my project/redis"',
    'appendonly yes',
    '',
  ]);
});

test('without a Redis on PATH the error says how to get one', async ({ onTestFinished }) => {
  const directory = mkdtempSync(join(tmpdir(), 'agentctl-redis-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));

  await expect(findRedisBinary(`${directory}:relative`)).rejects.toMatchObject({
    code: 'ToolMissing',
    message: 'neither redis-server nor valkey-server is on PATH',
  });
});
