import { AgentctlError } from '../../errors.js';

/** What this version cannot do on a target, although it deploys there. */
export function unavailable(what: string, fix: string): AgentctlError {
  return new AgentctlError('TargetUnavailable', `this version of agentctl does not ${what} on Google Cloud yet`, {
    fix,
  });
}
