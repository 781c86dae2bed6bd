import { mergeLines } from '../merge-lines.js';
import type { LogLine, LogOptions } from '../target.js';
import type { StageTools } from './open-stage-tools.js';
import { recordedRequest } from './recorded-release.js';
import { servingRecord } from './serving-release.js';
import { stackStates } from './stage-facts.js';

type Scope = { readonly name: string; readonly stage: string };

/** Name of the container that does the work, in every task definition: `constructs/aws/service/container-task.ts`. */
const mainContainer = 'app';

/** Whose logs can be asked for: the services and schedules of the release that serves, or of the one before it came up. */
export async function logNames(scope: Scope, tools: StageTools, signal: AbortSignal): Promise<readonly string[]> {
  const { spec } = (await latestSpec(scope, tools, signal)) ?? {};
  return spec === undefined ? [] : [...Object.keys(spec.services), ...Object.keys(spec.schedules)];
}

/** The lines of the services' logs; goes on with new ones when asked to follow. */
export async function* stageLogs(scope: Scope, tools: StageTools, options: LogOptions): AsyncIterable<LogLine> {
  const { service, tail, follow, signal } = options;
  const group = await logGroup(scope, tools, signal);
  const latest = await latestSpec(scope, tools, signal);
  if (group === undefined || latest === undefined) return;
  const names = service === undefined ? Object.keys(latest.spec.services) : [service];
  const sources = names.map((name) => linesOf(name));
  yield* follow ? mergeLines(sources) : sorted(sources);

  async function* linesOf(name: string): AsyncIterable<LogLine> {
    const lines = tools.aws.logs.lines({ group: group ?? '', streamPrefix: `${name}/`, tail, follow, signal });
    for await (const { at, stream, text } of lines) {
      const task = stream.split('/').at(-1) ?? '';
      yield { at, release: latest?.release ?? '-', replica: `${name}.${task.slice(0, 8)}`, stream: 'out', text };
    }
  }
}

async function* sorted(sources: readonly AsyncIterable<LogLine>[]): AsyncIterable<LogLine> {
  const all: LogLine[] = [];
  for (const source of sources) for await (const line of source) all.push(line);
  yield* all.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

/** Tasks whose output is kept, newest first: `migrate/3f9c…`. */
export async function taskNames(scope: Scope, tools: StageTools, signal: AbortSignal): Promise<readonly string[]> {
  const group = await logGroup(scope, tools, signal);
  const latest = await latestSpec(scope, tools, signal);
  if (group === undefined || latest === undefined) return [];
  const { services, schedules, migrations } = latest.spec;
  const names = [...migrations.map(({ name }) => name), ...Object.keys(schedules), ...Object.keys(services)];
  const found = await Promise.all(
    names.map(async (name) => await tools.aws.logs.streams(group, `${name}/${mainContainer}/`, signal)),
  );
  return found.flat().map((stream) => stream.replace(`/${mainContainer}/`, '/'));
}

/** What one of {@link taskNames} has printed, oldest line first. */
export async function taskLog(
  scope: Scope,
  task: string,
  tools: StageTools,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const group = await logGroup(scope, tools, signal);
  if (group === undefined) return [];
  const [name = '', id = ''] = task.split('/');
  const streams = [`${name}/${mainContainer}/${id}`];
  const lines: string[] = [];
  const options = { group, streams, tail: Number.MAX_SAFE_INTEGER, follow: false, signal };
  for await (const { text } of tools.aws.logs.lines(options)) lines.push(text);
  return lines;
}

async function logGroup(scope: Scope, tools: StageTools, signal: AbortSignal): Promise<string | undefined> {
  return (await stackStates(scope, tools, signal)).foundation?.outputs['LogGroupName'];
}

async function latestSpec(scope: Scope, tools: StageTools, signal: AbortSignal) {
  const [records, stacks] = await Promise.all([tools.ledger.list(), stackStates(scope, tools, signal)]);
  const record = servingRecord({ records, stacks }) ?? records.findLast(({ outcome }) => outcome === 'released');
  return record === undefined ? undefined : { release: record.id, spec: recordedRequest(record).spec };
}
