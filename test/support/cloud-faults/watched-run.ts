import type { CliResult } from '../local-cli.js';
import type { CloudFaultStage } from './cloud-fault-stage.js';
import { afterSteps, type Seen, type StepCall } from './call-cells.js';

interface StepLine {
  readonly type: string;
  readonly step?: string;
  readonly state?: string;
}

export interface WatchOptions {
  readonly input?: string | undefined;
  /** Called when a step begins; also `end`, when the last one has ended. */
  readonly onStep?: (step: string) => void;
}

/** What a command said and did. */
export interface WatchedRun extends CliResult {
  readonly seen: readonly Seen[];
}

/** Runs a command with `--json` and tells of its steps and calls in their order. */
export async function watchedRun(
  stage: CloudFaultStage,
  args: readonly string[],
  { input, onStep = () => undefined }: WatchOptions = {},
): Promise<WatchedRun> {
  const { calls } = stage.cloud;
  const seen: Seen[] = [];
  let counted = calls.length;
  const count = (): void => {
    for (const { service, operation } of calls.slice(counted)) seen.push({ kind: 'call', service, operation });
    counted = calls.length;
  };
  const enter = (step: string): void => {
    count();
    seen.push({ kind: 'step', step });
    onStep(step);
  };
  const running = new Set<string>();
  const result = await stage.run([...args, '--json'], {
    input,
    onLine(text) {
      const { type, step, state } = JSON.parse(text) as StepLine;
      if (type !== 'step' || step === undefined) return;
      if (state === 'started') {
        running.add(step);
        enter(step === 'recovery' ? 'recovery-begin' : step);
      } else if (state !== 'retrying') {
        running.delete(step);
        if (step === 'record') enter(afterSteps);
      }
    },
  });
  count();
  return { ...result, seen };
}

/** Whether a call is one of a kind. */
export function isCall(seen: Seen, { service, operation }: StepCall): boolean {
  return seen.kind === 'call' && seen.service === service && seen.operation === operation;
}
