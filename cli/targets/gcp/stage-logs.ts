import { migrationJobOutput, scheduleJobOutput } from '../../../stacks/gcp/outputs.js';
import { mergeLines } from '../merge-lines.js';
import type { LogLine, LogOptions } from '../target.js';
import type { StageTools } from './open-stage-tools.js';
import { stageOutputs } from './stage-facts.js';
import { runServices } from './stage-services.js';
import { latestRelease } from './stage-status.js';

type Scope = { readonly name: string; readonly stage: string };

/** Whose logs can be asked for: the services of the newest release. */
export async function logNames({ ledger }: StageTools): Promise<readonly string[]> {
  return Object.keys(latestRelease(await ledger.list())?.spec.services ?? {});
}

/** The lines of the services' logs; goes on with new ones when asked to follow. */
export async function* stageLogs(scope: Scope, tools: StageTools, options: LogOptions): AsyncIterable<LogLine> {
  const { service, tail, follow, signal } = options;
  const latest = latestRelease(await tools.ledger.list());
  if (latest === undefined) return;
  const { logs } = tools.gcp;
  const wanted = runServices(latest.spec, scope).filter(({ name }) => service === undefined || name === service);
  const sources = wanted.map((one) => linesOf(one));
  yield* follow ? mergeLines(sources) : sorted(sources);

  async function* linesOf({ name, runName, kind }: (typeof wanted)[number]): AsyncIterable<LogLine> {
    for await (const { at, source, stream, text } of logs.lines({
      of: { kind, name: runName },
      tail,
      follow,
      signal,
    })) {
      // `<service>-r7-1a2b3c`: the revision says which release it was.
      const release = /-(r\d+)-[0-9a-f]{6}$/.exec(source)?.[1] ?? latest?.id ?? '-';
      yield { at, release, replica: name, stream, text };
    }
  }
}

async function* sorted(sources: readonly AsyncIterable<LogLine>[]): AsyncIterable<LogLine> {
  const all: LogLine[] = [];
  for (const source of sources) for await (const line of source) all.push(line);
  yield* all.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

/** Runs of migrations and schedules that Cloud Run knows still, newest first: names of executions. */
export async function taskNames(scope: Scope, tools: StageTools, signal: AbortSignal): Promise<readonly string[]> {
  const [records, { migrations = {}, service = {} }] = await Promise.all([
    tools.ledger.list(),
    stageOutputs(scope, tools, signal),
  ]);
  const spec = latestRelease(records)?.spec;
  if (spec === undefined) return [];
  const jobs = [
    ...spec.migrations.map(({ name }) => migrations[migrationJobOutput(name)]),
    ...Object.keys(spec.schedules).map((name) => service[scheduleJobOutput(name)]),
  ].filter((job) => job !== undefined);
  const found = await Promise.all(jobs.map(async (job) => await tools.gcp.jobs.executions(job, signal)));
  return found
    .flat()
    .toSorted((a, b) => (b.createdAt ?? '').localeCompare(a.createdAt ?? '', 'en'))
    .map(({ name }) => name);
}

/** What one of {@link taskNames} has printed, oldest line first. */
export async function taskLog(task: string, { gcp }: StageTools, signal: AbortSignal): Promise<readonly string[]> {
  const lines: string[] = [];
  const options = {
    of: { kind: 'execution', name: task } as const,
    tail: Number.MAX_SAFE_INTEGER,
    follow: false,
    signal,
  };
  for await (const { text } of gcp.logs.lines(options)) lines.push(text);
  return lines;
}
