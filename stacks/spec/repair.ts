import { isPlainMap, valueAt, type PlainMap } from './plain-map.js';
import type { SpecPath } from './problem.js';
import { agentSchema, type AgentSpec } from './schema/agent.js';
import { plainIssues, type PlainIssue } from './schema-problems.js';

/** A spec that parses, made from one that does not by leaving out what is wrong. */
export interface RepairedSpec {
  readonly spec: AgentSpec;
  /** What was left out or made up; a rule has nothing to say about these places. */
  readonly repaired: readonly SpecPath[];
}

/** Stand-ins for required keys, so that the rest of their section can still be checked. */
const standIns: Readonly<Record<string, unknown>> = {
  name: 'unnamed',
  services: { unnamed: {} },
  command: ['unknown'],
  cron: '0 0 * * *',
  region: 'unknown',
  project: 'unknown',
  subscription: '00000000-0000-0000-0000-000000000000',
  location: 'unknown',
  port: 8000,
};

/** Keys whose absence would mean something else. */
const keptWhenWrong: ReadonlySet<string | number | undefined> = new Set(['services', 'port']);

const mostRounds = 12;

/**
 * Leaves out whatever the schema rejects, until the rest parses. Rules then see everything that is right, and their
 * problems are reported together with those of the schema. Undefined when nothing sensible remains.
 */
export function repair(input: PlainMap): RepairedSpec | undefined {
  const draft = structuredClone(input) as Record<string, unknown>;
  const repaired: SpecPath[] = [];
  for (let round = 0; round < mostRounds; round += 1) {
    const parsed = agentSchema.safeParse(draft);
    if (parsed.success) return { spec: parsed.data, repaired };
    for (const issue of plainIssues(parsed.error.issues)) repaired.push(...leaveOut(draft, issue));
  }
  return undefined;
}

function leaveOut(draft: Record<string, unknown>, issue: PlainIssue): readonly SpecPath[] {
  const { path } = issue;
  if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys) remove(draft, [...path, key]);
    return issue.keys.map((key) => [...path, key]);
  }
  const value = valueAt(draft, path);
  const key = path.at(-1);
  const wantsMap = issue.code === 'invalid_type' && (issue.expected === 'object' || issue.expected === 'record');
  const standIn = typeof key === 'string' ? standIns[key] : undefined;
  if (wantsMap && value !== undefined) assign(draft, path, {});
  else if ((value === undefined || keptWhenWrong.has(key)) && standIn !== undefined) assign(draft, path, standIn);
  else if (value === undefined) remove(draft, path.slice(0, -1));
  else remove(draft, path);
  return [path];
}

function assign(draft: Record<string, unknown>, path: SpecPath, value: unknown): void {
  const parent = valueAt(draft, path.slice(0, -1));
  const key = path.at(-1);
  if (typeof key === 'string' && isPlainMap(parent)) (parent as Record<string, unknown>)[key] = structuredClone(value);
}

/** A list loses all its items: taking out one would move the others. */
function remove(draft: Record<string, unknown>, path: SpecPath): void {
  const last = path.findIndex((part) => typeof part === 'number');
  const whole = last === -1 ? path : path.slice(0, last);
  const parent = valueAt(draft, whole.slice(0, -1));
  const key = whole.at(-1);
  if (typeof key === 'string' && isPlainMap(parent)) delete (parent as Record<string, unknown>)[key];
}
