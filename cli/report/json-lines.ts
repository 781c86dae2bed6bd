import type { RunEvent } from '../engine/events.js';

/** Bumped when a field changes its meaning or goes away; new fields do not bump it. */
export const jsonLinesVersion = 1;

/** One line of `--json`. Every run ends with exactly one `result`. */
export type JsonLine =
  | {
      readonly v: 1;
      readonly type: 'step';
      readonly step: string;
      readonly state: string;
      readonly [detail: string]: unknown;
    }
  | {
      readonly v: 1;
      readonly type: 'log';
      readonly step?: string;
      /** Only for what a command prints that is run for the user. */
      readonly stream?: 'out' | 'err';
      readonly line: string;
      readonly at?: string;
    }
  | { readonly v: 1; readonly type: 'warning'; readonly message: string }
  | {
      readonly v: 1;
      readonly type: 'result';
      readonly ok: boolean;
      readonly exitCode: number;
      readonly [detail: string]: unknown;
    };

/** Pure: the JSON line for an event; undefined for facts that only the journal needs. */
export function jsonLine(event: RunEvent): JsonLine | undefined {
  switch (event.type) {
    case 'step.log':
      return { v: jsonLinesVersion, type: 'log', step: event.step, line: event.line, at: event.at };
    case 'step.started':
    case 'step.retrying':
    case 'step.succeeded':
    case 'step.failed': {
      const { type, step, at, ...detail } = event;
      return { v: jsonLinesVersion, type: 'step', step, state: type.slice('step.'.length), at, ...detail };
    }
    case 'recovery.started':
    case 'recovery.finished': {
      const { type, at, ...detail } = event;
      return {
        v: jsonLinesVersion,
        type: 'step',
        step: 'recovery',
        state: type.slice('recovery.'.length),
        at,
        ...detail,
      };
    }
    case 'run.started':
    case 'run.finished':
      return undefined;
  }
}
