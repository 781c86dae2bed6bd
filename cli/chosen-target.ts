import { distance } from 'fastest-levenshtein';
import { targetKinds, type TargetKind } from '../stacks/spec/target-kind.js';
import { AgentctlError } from './errors.js';

/** The stage when none is named. */
export function defaultStage(target: TargetKind | undefined): string {
  return target === 'local' ? 'local' : 'production';
}

/** @throws UsageInvalid for no or an unknown target, TargetUnavailable for one that this version cannot deploy to */
export function chosenTarget(cloud: string | undefined): TargetKind {
  if (cloud === undefined) {
    throw new AgentctlError('UsageInvalid', 'no target was chosen', {
      fix: `pass --cloud ${targetKinds.join('|')}, or set AGENTCTL_CLOUD`,
    });
  }
  const kind = targetKinds.find((candidate) => candidate === cloud);
  if (kind === undefined) {
    const near = targetKinds.find((candidate) => distance(candidate, cloud.toLowerCase()) <= 2);
    throw new AgentctlError('UsageInvalid', `--cloud "${cloud}" is not a target`, {
      fix: `${near === undefined ? '' : `did you mean ${near}? `}allowed: ${targetKinds.join(', ')}`,
    });
  }
  return kind;
}
