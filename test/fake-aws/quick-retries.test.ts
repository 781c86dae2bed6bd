import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { withQuickRetries } from '../support/fake-aws/quick-retries.js';

/** Loads the toolkit's own copy as the toolkit does, and waits for one repetition that would take a minute. */
const program = `
  const { createRequire } = require('node:module');
  const { ConfiguredRetryStrategy } = createRequire(require.resolve('@aws-cdk/toolkit-lib'))('@smithy/util-retry');
  (async () => {
    const strategy = new ConfiguredRetryStrategy(3, () => 60_000);
    const token = await strategy.acquireInitialRetryToken('');
    const next = await strategy.refreshRetryTokenForRetry(token, { errorType: 'TRANSIENT' });
    console.log(next.getRetryCount(), next.$retryLog.acquisitionDelay);
  })();
`;

test('another process repeats calls of the toolkit at once', async () => {
  const env = { PATH: process.env['PATH'], NODE_OPTIONS: withQuickRetries() };
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', program], { env, timeout: 30_000 });
  expect(stdout.trim()).toBe('1 20');
});

test('options that are there stay, and it is said once', () => {
  const once = withQuickRetries('--no-warnings');
  expect(once).toMatch(/^--no-warnings --require="/);
  expect(withQuickRetries(once)).toBe(once);
});
