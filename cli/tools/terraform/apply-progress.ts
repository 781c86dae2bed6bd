import type { UiLine } from './ui-line.js';

/** How far an apply is. */
export interface ApplyProgress {
  /** Changes that were planned; a replacement is one. */
  readonly planned: number;
  /** Addresses that are as planned. */
  readonly done: readonly string[];
  readonly failed: readonly string[];
  /** Addresses under way. */
  readonly current: readonly string[];
  /** A replacement deletes before it creates, and only the second is the end: what was deleted of those. */
  readonly replacing: readonly string[];
}

/** Before the first line. */
export const notBegun: ApplyProgress = { planned: 0, done: [], failed: [], current: [], replacing: [] };

const verbs: Readonly<Record<string, string>> = { create: 'created', update: 'changed', delete: 'deleted' };

/** Pure: one more line of `apply -json`. */
export function nextProgress(before: ApplyProgress, line: UiLine): ApplyProgress {
  switch (line.type) {
    case 'planned_change':
      if (!isChange(line.change.action)) return before;
      return {
        ...before,
        planned: before.planned + 1,
        replacing: line.change.action === 'replace' ? [...before.replacing, addressOf(line)] : before.replacing,
      };
    case 'apply_start':
      return { ...before, current: [...without(before.current, addressOf(line)), addressOf(line)] };
    case 'apply_complete': {
      const address = addressOf(line);
      const current = without(before.current, address);
      if (before.replacing.includes(address))
        return { ...before, current, replacing: without(before.replacing, address) };
      return { ...before, current, done: [...before.done, address] };
    }
    case 'apply_errored': {
      const address = addressOf(line);
      return { ...before, current: without(before.current, address), failed: [...before.failed, address] };
    }
    case 'apply_progress':
    case 'diagnostic':
      return before;
  }
}

/** What takes long is told again this often. */
const reminderSeconds = 60;

/** Pure: what a line means to somebody who watches; undefined: nothing new. `after`: the progress with it. */
export function progressText(after: ApplyProgress, line: UiLine): string | undefined {
  if (line.type === 'planned_change' || line.type === 'apply_start') return undefined;
  if (line.type === 'diagnostic') {
    const { severity, summary, address } = line.diagnostic;
    return severity === 'warning' ? `warning: ${address === undefined ? '' : `${address}: `}${summary}` : undefined;
  }
  const { elapsed_seconds: seconds, action } = line.hook;
  const count = `${after.done.length}/${after.planned}`;
  const verb = verbs[action] ?? action;
  switch (line.type) {
    case 'apply_complete':
      return `${count} ${addressOf(line)}: ${verb}${seconds === 0 ? '' : ` after ${seconds} s`}`;
    case 'apply_errored':
      return `${count} ${addressOf(line)}: could not be ${verb}`;
    case 'apply_progress':
      return seconds % reminderSeconds === 0
        ? `${count} ${addressOf(line)}: not yet ${verb} after ${seconds} s`
        : undefined;
  }
}

function isChange(action: string): boolean {
  return ['create', 'update', 'delete', 'replace'].includes(action);
}

function addressOf(line: Exclude<UiLine, { type: 'diagnostic' }>): string {
  return line.type === 'planned_change' ? line.change.resource.addr : line.hook.resource.addr;
}

function without(addresses: readonly string[], address: string): readonly string[] {
  return addresses.filter((other) => other !== address);
}
