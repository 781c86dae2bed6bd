import { expect, test } from 'vitest';
import { AgentctlError, expectedError } from '../../cli/errors.js';

test('a system call that the machine refuses is an environment that is not ready, with what to do', () => {
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });

  expect(expectedError(full)).toMatchObject({
    code: 'EnvironmentNotReady',
    message: 'ENOSPC: no space left on device, write',
    fix: 'make room on the disk, then run it again',
  });
});

test('an error of ours stays what it is, and anything else is not expected', () => {
  const ours = new AgentctlError('Locked', 'locked', { fix: 'wait' });

  expect(expectedError(ours)).toBe(ours);
  expect(expectedError(Object.assign(new Error('ENOENT'), { code: 'ENOENT' }))).toBeUndefined();
  expect(expectedError(new TypeError('x is not a function'))).toBeUndefined();
});
