import type { SupervisorStatus } from '../../supervisor/protocol.js';
import type { ProcessIdentity } from '../../tools/process/index.js';
import type { Finding } from '../target.js';

/** Pure: whether what should stay behind is there, the supervisor and the guard that starts it again. */
export function supervisorFindings(
  running: Pick<SupervisorStatus, 'pid' | 'startedAt'> | undefined,
  guard: ProcessIdentity | undefined,
): readonly Finding[] {
  if (running === undefined && guard === undefined) {
    return [{ level: 'ok', subject: 'supervisor', message: 'not running; a deploy starts it' }];
  }
  return [
    running === undefined
      ? {
          level: 'problem',
          subject: 'supervisor',
          message: `does not run; its guard (pid ${guard?.pid}) tries to start it again`,
          fix: 'read logs/supervisor.log in the state directory if it is not back in a few seconds',
        }
      : { level: 'ok', subject: 'supervisor', message: `running since ${running.startedAt} (pid ${running.pid})` },
    guard === undefined
      ? {
          level: 'warning',
          subject: 'guard',
          message: 'not running: a supervisor that is killed now stays away until the next deploy',
          fix: 'read logs/supervisor.log in the state directory; the supervisor starts it again by itself',
        }
      : { level: 'ok', subject: 'guard', message: `running (pid ${guard.pid})` },
  ];
}
