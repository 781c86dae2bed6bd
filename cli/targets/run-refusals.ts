import { suggest } from '../config/suggest.js';
import { AgentctlError } from '../errors.js';

/** The name, if the release that serves has it. @throws UsageInvalid with those that it has */
export function named(known: readonly string[], kind: 'service' | 'schedule', name: string): string {
  if (known.includes(name)) return name;
  throw notThere(known, kind, name);
}

export function notThere(known: readonly string[], kind: 'service' | 'schedule', name: string): AgentctlError {
  const near = suggest(name, known);
  const choice = known.length === 0 ? `it has no ${kind}s` : `choose one of: ${known.join(', ')}`;
  return new AgentctlError('UsageInvalid', `the release that serves has no ${kind} "${name}"`, {
    fix: near === undefined ? choice : `did you mean ${near}? ${choice}`,
  });
}

export function nothingServes(): AgentctlError {
  return new AgentctlError('NotDeployed', 'nothing serves here that the command could run beside', {
    fix: 'deploy first: agentctl deploy; or look at what there is: agentctl status',
  });
}

/** @param runner what runs tasks on the cloud, such as ECS */
export function lost(runner: string, task: string): AgentctlError {
  return new AgentctlError('StepFailed', `${runner} does not know ${task} any more`, { fix: 'run it again' });
}

/** @param runner what runs tasks on the cloud, such as ECS */
export function notStarted(runner: string, task: string, reason: string | null): AgentctlError {
  return new AgentctlError('StepFailed', `${task} did not come up${reason === null ? '' : `: ${reason}`}`, {
    fix: `mend what ${runner} names, and run it again`,
  });
}
