import { describe, expect, test } from 'vitest';
import type { ReleaseManifest, TaskStatus } from '../../../../cli/supervisor/protocol.js';
import { requestOf } from '../../../../cli/targets/local/run-beside.js';
import { apiService } from '../../../support/supervisor-apps.js';

const artifact = { digest: 'sha256:aa', directory: '/artifact' };
const nightly = { name: 'nightly', cron: '0 3 * * *', artifact, command: ['node', '${stage}'], env: { A: 'a' } };
const manifest: ReleaseManifest = {
  id: 'r3',
  services: [
    apiService(artifact, { env: { RELEASE: '${release.id}' } }),
    apiService(artifact, { name: 'worker', env: { WHO: 'worker' } }),
  ],
  schedules: [{ ...nightly, timeoutSeconds: 60 }],
};
const idle = { schedules: [] };
const asked = { runId: '20261120-101502-3f9c', command: ['true'] };
const first = { kind: 'service' } as const;

describe('a command', () => {
  test('gets build and environment of the first service of the release that serves', () => {
    expect(requestOf(manifest, idle, { ...asked, as: first })).toEqual({
      workload: 'api',
      task: {
        id: 'run-20261120-101502-3f9c',
        release: 'r3',
        artifact,
        command: ['true'],
        env: { RELEASE: '${release.id}' },
      },
    });
  });

  test('gets those of the service that is named', () => {
    const { workload, task } = requestOf(manifest, idle, { ...asked, as: { kind: 'service', name: 'worker' } });

    expect({ workload, env: task.env }).toEqual({ workload: 'worker', env: { WHO: 'worker' } });
  });

  test('is run as it was typed: ${…} in it is no reference', () => {
    const { task } = requestOf(manifest, idle, { ...asked, command: ['sh', '-c', 'echo ${A} $${B}'], as: first });

    expect(task.command).toEqual(['sh', '-c', 'echo $${A} $$${B}']);
  });

  test('for a service that is not there is refused with the nearest', () => {
    expect(() => requestOf(manifest, idle, { ...asked, as: { kind: 'service', name: 'wroker' } })).toThrow(
      expect.objectContaining({
        code: 'UsageInvalid',
        fix: 'did you mean worker? choose one of: api, worker',
      }) as Error,
    );
  });
});

describe('a schedule', () => {
  const as = { kind: 'schedule', name: 'nightly' } as const;

  test('runs its own command, in its own time, and is one more of its runs', () => {
    const { workload, task } = requestOf(manifest, idle, { ...asked, as });

    expect(workload).toBe('nightly');
    expect(task.id).toMatch(/^schedule-nightly-\d{8}T\d{6}Z$/);
    expect(task).toMatchObject({ command: ['node', '${stage}'], env: { A: 'a' }, timeoutSeconds: 60 });
  });

  test('has the time that is asked for', () => {
    expect(requestOf(manifest, idle, { ...asked, as, timeoutSeconds: 5 }).task.timeoutSeconds).toBe(5);
  });

  test('that runs right now is not run a second time beside itself', () => {
    const running: TaskStatus = {
      id: 'schedule-nightly-20261120T030000Z',
      state: 'running',
      exitCode: null,
      signal: null,
      startedAt: '',
      endedAt: null,
      logFile: '',
    };
    const schedules = [{ name: 'nightly', cron: nightly.cron, next: null, history: [running] }];

    expect(() => requestOf(manifest, { schedules }, { ...asked, as })).toThrow(
      expect.objectContaining({ code: 'Refused' }) as Error,
    );
  });
});
