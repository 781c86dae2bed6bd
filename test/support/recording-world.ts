import { once } from 'node:events';
import * as z from 'zod';
import type { RunEvent, RunFact } from '../../cli/engine/events.js';
import { execute, type RunResult } from '../../cli/engine/execute.js';
import { AgentctlError } from '../../cli/errors.js';
import type { Concurrency } from '../../cli/plan/concurrency.js';
import { PlanBuilder } from '../../cli/plan/plan-builder.js';
import type { Plan } from '../../cli/plan/plan.js';
import { outputOf } from '../../cli/plan/reference.js';
import { type AnyStep, defineStep, stepCatalogue } from '../../cli/plan/step.js';

/** A world outside the engine: what steps have done to it survives a crash of the run. */
export class World {
  /** Effects in place, by step. */
  readonly effects = new Map<string, number>();
  /** How often each step acted, in order. */
  readonly acts: string[] = [];
  /** Steps that fail, with how many of their tries; one that hangs ends when it is told to. */
  readonly failures = new Map<string, { times: number; retryable: boolean; hangs?: boolean }>();
  running = 0;
  mostAtOnce = 0;
}

/** A step that sets `key` in the world and yields the number of times it did. */
export const act = defineStep<World>()({
  kind: 'act',
  inputs: z.strictObject({ key: z.string(), from: z.array(z.number()) }),
  outputs: z.strictObject({ count: z.number() }),
  retry: { attempts: 3, backoffSeconds: 1 },
  describe: ({ key }) => `act on ${String(key)}`,
  check: ({ key }, { tools }) => {
    const count = tools.effects.get(key);
    return Promise.resolve(count === undefined ? undefined : { count });
  },
  async run({ key }, { tools, log }) {
    tools.running += 1;
    tools.mostAtOnce = Math.max(tools.mostAtOnce, tools.running);
    await Promise.resolve();
    tools.running -= 1;
    const failure = tools.failures.get(key);
    if (failure !== undefined && failure.times > 0) {
      failure.times -= 1;
      throw new AgentctlError('StepFailed', `${key} failed`, { fix: 'none', retryable: failure.retryable });
    }
    log(`doing ${key}`);
    const count = (tools.effects.get(key) ?? 0) + 1;
    tools.effects.set(key, count);
    tools.acts.push(key);
    return { count };
  },
});

/** The same step without a check and with a time limit: run again it changes nothing. */
export const actBlindly = defineStep<World>()({
  kind: 'act-blindly',
  inputs: act.inputs,
  outputs: act.outputs,
  retry: { attempts: 3, backoffSeconds: 1 },
  timeoutSeconds: 60,
  describe: ({ key }) => `act on ${String(key)} blindly`,
  async run({ key }, { tools, signal }) {
    const failure = tools.failures.get(key);
    if (failure !== undefined && failure.times > 0) {
      failure.times -= 1;
      if (failure.hangs === true && !signal.aborted) await once(signal, 'abort');
      throw new AgentctlError('StepFailed', `${key} failed`, { fix: 'none', retryable: failure.retryable });
    }
    await Promise.resolve();
    tools.effects.set(key, 1);
    tools.acts.push(key);
    return { count: 1 };
  },
});

/** A step that takes an effect away again. */
export const undo = defineStep<World>()({
  kind: 'undo',
  inputs: z.strictObject({ key: z.string() }),
  outputs: z.strictObject({}),
  describe: ({ key }) => `undo ${String(key)}`,
  run: ({ key }, { tools }) => {
    const failure = tools.failures.get(`undo ${key}`);
    if (failure !== undefined) throw new AgentctlError('StepFailed', `cannot undo ${key}`, { fix: 'none' });
    tools.effects.delete(key);
    return Promise.resolve({});
  },
});

/** A plan from arrows: `{ a: [], b: ['a'] }` is `a → b`, where b consumes the output of a. */
export function planFrom(
  arrows: Readonly<Record<string, readonly string[]>>,
  undone: readonly string[] = [],
  until?: string,
  blind: readonly string[] = [],
): Plan {
  const builder = new PlanBuilder();
  const handles = new Map<string, ReturnType<typeof builder.add<typeof act.inputs, typeof act.outputs, World>>>();
  for (const [key, needs] of Object.entries(arrows)) {
    const from = needs.flatMap((need) => {
      const handle = handles.get(need);
      return handle === undefined ? [] : [outputOf(handle, 'count')];
    });
    handles.set(key, builder.add(key, blind.includes(key) ? actBlindly : act, { key, from }));
  }
  if (undone.length > 0) {
    const back = new PlanBuilder();
    for (const key of undone) back.add(`undo-${key}`, undo, { key });
    const when = undone.flatMap((key) => handles.get(key) ?? []);
    const end = until === undefined ? undefined : handles.get(until);
    builder.recover({ when, ...(end === undefined ? {} : { until: end }) }, 'r1', back);
  }
  return builder.build({
    action: 'deploy',
    runId: 'run',
    madeAt: '2026-01-01T00:00:00.000Z',
    target: 'local',
    stage: 'local',
    name: 'test',
    specHash: 'spec',
    base: { release: null },
    release: 'r1',
  });
}

export interface RunInWorldOptions {
  readonly history?: readonly RunEvent[];
  readonly signal?: AbortSignal;
  readonly giveUp?: AbortSignal;
  readonly concurrency?: Concurrency;
  /** Kinds of step besides. @default - none */
  readonly kinds?: readonly AnyStep<World>[];
  /** Called with each event; it counts as durable when this resolves. One that never does is a crash. */
  readonly onEvent?: (event: RunEvent) => void | Promise<void>;
}

/** Runs a plan in a world, with a clock that stands still, and returns what was recorded. */
export async function runInWorld(
  plan: Plan,
  world: World,
  options: RunInWorldOptions = {},
): Promise<{ result: RunResult; events: readonly RunEvent[]; slept: readonly number[] }> {
  const never = new AbortController().signal;
  const events: RunEvent[] = [];
  const slept: number[] = [];
  const result = await execute(plan, {
    steps: stepCatalogue<World>([act, actBlindly, undo, ...(options.kinds ?? [])]),
    tools: world,
    runId: 'run',
    planHash: 'hash',
    history: options.history ?? [],
    signal: options.signal ?? never,
    giveUp: options.giveUp ?? never,
    concurrency: options.concurrency ?? { total: 4 },
    emit: async (fact: RunFact) => {
      const event: RunEvent = { ...fact, at: '2026-01-01T00:00:00.000Z' };
      await options.onEvent?.(event);
      events.push(event);
    },
    sleep: (seconds) => {
      slept.push(seconds);
      return Promise.resolve();
    },
    random: () => 0,
  });
  return { result, events, slept };
}
