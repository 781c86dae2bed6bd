import { identityOf } from '../../../cli/tools/process/index.js';
import type { CliResult } from '../local-cli.js';
import type { FaultStage } from './fault-stage.js';
import type { Scenario } from './scenario.js';
import type { Snapshot } from './snapshot.js';
import type { StageProcess } from './stage-processes.js';

/** What was seen of one run of a cell: the one that was hit, the one that goes on, or the one that has nothing to do. */
export interface Seen {
  readonly phase: 'hit' | 'next' | 'third';
  readonly scenario: Scenario;
  readonly run: CliResult;
  /** Exit codes, or signals, that the run may end with. */
  readonly mayEnd: readonly (number | NodeJS.Signals)[];
  /** Whether the run was killed and could say nothing. */
  readonly wasKilled: boolean;
  readonly before: Snapshot;
  readonly after: Snapshot;
  /** Its version is the one that the cell deploys. */
  readonly stage: FaultStage;
  /** Requests that failed meanwhile; undefined when nothing was serving, or it was the gateway that was hit. */
  readonly failedRequests: readonly string[] | undefined;
  /** Places that a secret was found in. */
  readonly leaks: readonly string[];
  /** Kinds of paths that a stage at rest has. */
  readonly usualFiles: ReadonlySet<string>;
}

/** A property that holds after any fault; returns what speaks against it. */
export type Invariant = (seen: Seen) => readonly string[];

const none: readonly string[] = [];

const exitCode: Invariant = ({ run, mayEnd, scenario, before, after, stage }) => {
  const end = run.exitCode ?? run.signal ?? 'unknown';
  // A signal that comes when the last step is at work changes nothing: it is done, and says so.
  if (run.exitCode === 0 && scenario.problems(before, after, stage).length === 0) return none;
  return mayEnd.includes(end as number) ? none : [`ended with ${end} instead of ${mayEnd.join(' or ')}`];
};

const oldVersionAnswers: Invariant = ({ failedRequests = none }) => failedRequests;

const schemaIsWhole: Invariant = ({ before, after, stage: { version }, phase, scenario }) => {
  if (after.database === undefined) return scenario.serves ? ['the database does not answer'] : none;
  const { head, tables, recorded } = after.database;
  const old = before.database?.head ?? 0;
  const allowed = phase === 'hit' ? [old, version, 0] : [version, old];
  return [
    ...(allowed.includes(head) ? none : [`the schema is at ${head}, neither ${old} nor ${version}`]),
    ...(tables.join() === recorded.join() ? none : [`tables of ${tables.join()}, heads ${recorded.join()}`]),
  ];
};

/** Anything a killed run leaves has to name a process that is gone: the next run takes it over. */
const lockIsFree: Invariant = ({ after: { lock }, wasKilled }) => {
  if (lock === undefined) return none;
  if (!wasKilled) return [`the lock is still there: ${lock}`];
  const { pid, processStart } = JSON.parse(lock) as { pid: number; processStart: string };
  return identityOf(pid)?.startTime === processStart ? [`the lock names a process that runs: ${lock}`] : none;
};

const converges: Invariant = ({ phase, scenario, before, after, stage, run }) => {
  if (phase === 'hit') return none;
  return [
    ...scenario.problems(before, after, stage),
    ...(phase === 'third' && !(run.stderr + run.stdout).includes(scenario.third.says)
      ? [`the third run changed something: ${run.stderr}`]
      : none),
  ];
};

/** Half-written files beside the state and its own backups: the next start of a supervisor removes the first after a minute. */
const mayStay = /^(backups\/|(desired|supervisor|secrets)\.json\.\d+$)/;

const noOrphans: Invariant = ({ phase, run, scenario, before, after, wasKilled, usualFiles }) => {
  // What a killed run leaves is for the next one to take up.
  if (phase === 'hit' && wasKilled) return none;
  // What an earlier cell left has been told there.
  const already = new Set(orphansOf(before, usualFiles));
  const isWriting = (orphan: string): boolean =>
    phase === 'hit' && /\.json\.\d+ is left|half built|belongs to no release/.test(orphan);
  // The build of a migration waits for the deploy that comes after it.
  const isExpected = (orphan: string): boolean => scenario.name === 'migrate' && /belongs to no release/.test(orphan);
  // Interrupted between its record and its drain, a deploy says that the new release serves, and the old one waits.
  const waits =
    phase === 'hit' && run.exitCode === 130 && / r\d+ serves/.test(run.stderr) ? before.answering : undefined;
  const isWaiting = (orphan: string): boolean => orphan.startsWith(`release ${waits} is `);
  return orphansOf(after, usualFiles).filter(
    (orphan) => !already.has(orphan) && !isWriting(orphan) && !isExpected(orphan) && !isWaiting(orphan),
  );
};

function orphansOf({ status, processes, files, ledger }: Snapshot, usualFiles: ReadonlySet<string>): readonly string[] {
  const releases = (status?.releases ?? []).filter(({ serving, state }) => !serving && state !== 'stopped');
  const keepers = processes.filter(({ commandLine }) => /bin\/(supervisor|guard)\.[jt]s/.test(commandLine));
  const replicas = (status?.releases ?? []).flatMap(replicaPids);
  // The database and what makes it are children of the supervisor; programs of the agent have to be in its books.
  const known = new Set([...keepers.map(({ pid }) => pid), ...replicas]);
  const isKnown = ({ pid, parent, commandLine }: StageProcess): boolean =>
    known.has(pid) || (!/\.mjs\b/.test(commandLine) && known.has(parent));
  for (let size = -1; size !== known.size;) {
    size = known.size;
    for (const one of processes) if (isKnown(one)) known.add(one.pid);
  }
  const digests = new Set(
    ledger.flatMap((record) => Object.values(record.digests)).map((digest) => digest.slice(7, 23)),
  );
  const artifacts = files.filter((file) => /^artifacts\/[0-9a-f]{16}$/.test(file));
  return [
    ...releases.map(({ id, state }) => `release ${id} is ${state} beside the one that serves`),
    ...(status?.runningTasks ?? []).map(({ id }) => `task ${id} still runs`),
    ...processes
      .filter(({ pid }) => !known.has(pid))
      .map(({ pid, commandLine }) => `process ${pid} is left: ${commandLine}`),
    ...files
      .filter((file) => !usualFiles.has(kindOfFile(file)) && !mayStay.test(file))
      .map((file) => `file ${file} is left`),
    ...artifacts.filter((file) => !files.includes(`${file}.complete`)).map((file) => `${file} is half built`),
    ...artifacts.filter((file) => !digests.has(file.slice(-16))).map((file) => `${file} belongs to no release`),
  ];
}

const noLeaks: Invariant = ({ leaks }) => leaks;

const dataIsThere: Invariant = ({ after: { database, acknowledged } }) => {
  if (database === undefined) return none;
  const lost = acknowledged.filter((row) => !database.rows.has(row));
  return lost.length === 0 ? none : [`lost ${lost.length} of ${acknowledged.length} rows: ${lost.slice(0, 5).join()}`];
};

/** Names the step, the cause, what serves now and the next command; and what it says of serving is true. */
const messageHelps: Invariant = ({ run, wasKilled, after, scenario }) => {
  if (wasKilled || run.exitCode === 0 || run.exitCode === null) return none;
  const { stderr } = run;
  const last = stderr.slice(stderr.lastIndexOf('\nerror'));
  const claimed = /\b(r\d+) (still )?serves/.exec(last)?.[1];
  const saysServing = claimed !== undefined || /nothing serves|agentctl status/.test(last);
  return [
    ...(/^[✗→] |interrupted|Unreadable|NotReady|Taken|Locked/m.test(stderr) ? none : ['names no step']),
    ...(/\nerror .+\[\w+\]/.test(stderr) ? none : [`has no line with cause and code: ${last}`]),
    ...(/\[Bug\]/.test(stderr) ? [`calls itself a bug: ${last}`] : none),
    ...(!scenario.name.startsWith('destroy') && /^[✗→] /m.test(stderr) && !saysServing
      ? [`does not say what serves: ${last}`]
      : none),
    ...(claimed !== undefined && claimed !== after.answering
      ? [`says that ${claimed} serves, but ${after.answering ?? 'nothing'} does`]
      : none),
    ...(/\bagentctl (resume|deploy|destroy|status|secrets)\b|\bagain\b/i.test(last)
      ? none
      : [`names no next command: ${last}`]),
  ];
};

/** No run waits that long for anything, also on a machine that is busy with something else: it hangs. */
const boundSeconds = 120;

const endsInTime: Invariant = ({ run }) =>
  run.seconds <= boundSeconds ? none : [`took ${run.seconds.toFixed(1)} s, more than ${boundSeconds}`];

const recordTellsTheTruth: Invariant = ({ phase, after, scenario, wasKilled }) => {
  const { status, answering, ledger } = after;
  const released = ledger.findLast(({ outcome }) => outcome === 'released')?.id;
  if (scenario.name.startsWith('destroy') || (phase === 'hit' && !scenario.serves)) return none;
  return [
    ...(status?.servingRelease === answering
      ? none
      : [`the supervisor says ${status?.servingRelease}, ${answering} answers`]),
    // Between the switch and the record a killed run cannot say anything.
    ...(released === answering || (phase === 'hit' && wasKilled)
      ? none
      : [`the ledger says ${released}, ${answering} answers`]),
  ];
};

/** What must hold after any fault. */
export const invariants: Readonly<Record<string, Invariant>> = {
  'I1 exit code': exitCode,
  'I2 old version answers': oldVersionAnswers,
  'I3 schema': schemaIsWhole,
  'I4 lock': lockIsFree,
  'I5 converges': converges,
  'I6 orphans': noOrphans,
  'I7 secrets': noLeaks,
  'I8 data': dataIsThere,
  'I9 message': messageHelps,
  'I10 time': endsInTime,
  'I11 record': recordTellsTheTruth,
};

/** `runs/20261120-101502-3f9c.ndjson` and every other journal are of one kind. */
export function kindOfFile(file: string): string {
  return file
    .replace(/^logs\/.*/, 'logs')
    .replace(/^backups\/.*/, 'backups')
    .replace(/\b[0-9a-f]{16}\b/, 'HEX')
    .replace(/^runs\/\d{8}-[\d-]+-[0-9a-f]{4}\./, 'runs/RUN.')
    .replace(/^supervisor\.lock\.\d+$/, 'supervisor.lock.N')
    .replace(/\br\d+\b/, 'RELEASE');
}

function replicaPids({ services }: NonNullable<Snapshot['status']>['releases'][number]): readonly (number | null)[] {
  return services.flatMap(({ replicas }) => replicas.map(({ pid }) => pid));
}
