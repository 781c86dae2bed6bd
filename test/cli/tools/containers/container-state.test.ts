import { expect, test } from 'vitest';
import { parseContainerState } from '../../../../cli/tools/containers/container-state.js';

test.each([
  ['{"Running":true,"ExitCode":0,"OOMKilled":false,"Error":""}', { isRunning: true, exitCode: 0, reason: undefined }],
  ['{"Running":false,"ExitCode":3}', { isRunning: false, exitCode: 3, reason: undefined }],
  [
    '{"Running":false,"ExitCode":137,"OOMKilled":true,"Error":""}',
    { isRunning: false, exitCode: 137, reason: 'it used more memory than `size.memory` allows' },
  ],
  [
    '{"Running":false,"ExitCode":127,"Error":"exec: \\"nope\\": executable file not found in $PATH"}',
    { isRunning: false, exitCode: 127, reason: 'exec: "nope": executable file not found in $PATH' },
  ],
  ['', undefined],
  ['[]', undefined],
])('what inspect prints: %s', (printed, state) => {
  expect(parseContainerState(printed)).toEqual(state);
});
