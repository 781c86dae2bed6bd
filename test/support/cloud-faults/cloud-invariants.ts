import { leaksIn, type Canary } from '../faults/canaries.js';
import type { CliResult } from '../local-cli.js';
import type { CloudScenario } from './cloud-scenario.js';
import { type CloudSnapshot, recordedServing } from './cloud-snapshot.js';

/** What was seen of one run of a cell. */
export interface SeenRun {
  readonly phase: 'hit' | 'next' | 'third';
  readonly scenario: Pick<CloudScenario, 'name' | 'serves'>;
  readonly run: CliResult;
  /** Exit codes that the run may end with. */
  readonly mayEnd: readonly (number | NodeJS.Signals)[];
  /** The run may not remove its lock: whoever comes next takes that of a process that is gone. @default false */
  readonly mayLeaveLock?: boolean;
  /** The run was killed and could say nothing. */
  readonly wasKilled: boolean;
  readonly before: CloudSnapshot;
  readonly after: CloudSnapshot;
  /** What is wrong with a stage on which the command should have come to its end. */
  readonly problems: readonly string[];
  /** See `FaultCloud`. */
  readonly boundSeconds: number;
  /** Head that the run migrates to. */
  readonly version: number;
  readonly failedRequests: readonly string[];
  readonly canaries: readonly Canary[];
  /** Whether the run said that it had nothing to do. */
  readonly saidIdle: boolean;
}

/** A property that holds after any fault; returns what speaks against it. */
export type CloudInvariant = (seen: SeenRun) => readonly string[];

const none: readonly string[] = [];

const exitCode: CloudInvariant = ({ run, mayEnd }) => {
  const end = run.exitCode ?? run.signal ?? 'unknown';
  return mayEnd.includes(end as number) ? none : [`ended with ${end} instead of ${mayEnd.join(' or ')}`];
};

const oldVersionAnswers: CloudInvariant = ({ failedRequests }) => failedRequests;

const schemaIsWhole: CloudInvariant = ({ before, after, version }) => {
  if (after.database === undefined) return before.database === undefined ? none : ['the database does not answer'];
  const { head, tables, recorded } = after.database;
  const old = before.database?.head ?? 0;
  return [
    ...([old, version].includes(head) ? none : [`the schema is at ${head}, neither ${old} nor ${version}`]),
    ...(tables.join() === recorded.join() ? none : [`tables of ${tables.join()}, heads ${recorded.join()}`]),
  ];
};

const lockIsFree: CloudInvariant = ({ after: { lock }, wasKilled, mayLeaveLock = false }) =>
  lock === undefined || wasKilled || mayLeaveLock ? none : [`the lock is still there: ${lock}`];

const converges: CloudInvariant = ({ phase, run, problems, saidIdle }) => {
  if (phase === 'hit') return run.exitCode === 0 ? problems : none;
  return [...problems, ...(phase === 'third' && !saidIdle ? [`changed something: ${lastLines(run.stdout)}`] : none)];
};

const noOrphans: CloudInvariant = ({ phase, run, before, after, wasKilled, mayLeaveLock = false }) => {
  // What a killed or interrupted run leaves is for the next one to take up.
  if (phase === 'hit' && (wasKilled || run.exitCode === 130)) return none;
  const fresh = (now: readonly string[] = [], then: readonly string[] = []) => now.filter((one) => !then.includes(one));
  const locks = mayLeaveLock ? none : fresh(after.toolLocks, before.toolLocks);
  return [...fresh(after.loose, before.loose), ...locks, ...after.busy];
};

const noLeaks: CloudInvariant = ({ run, after, canaries }) => [
  ...leaksIn(run.stdout, canaries).map((leak) => `${leak} on stdout`),
  ...leaksIn(run.stderr, canaries).map((leak) => `${leak} on stderr`),
  ...leaksIn(JSON.stringify(after.ledger), canaries).map((leak) => `${leak} in the ledger`),
  ...leaksIn(after.lock ?? '', canaries).map((leak) => `${leak} in the lock`),
];

const dataIsThere: CloudInvariant = ({ after: { database, acknowledged } }) => {
  if (database === undefined) return none;
  const lost = acknowledged.filter((row) => !database.rows.has(row));
  return lost.length === 0 ? none : [`lost ${lost.length} of ${acknowledged.length} rows: ${lost.slice(0, 5).join()}`];
};

/** What a run with `--json` said of its failure. */
interface SaidError {
  readonly code: string;
  readonly message: string;
  readonly fix: string;
}

/** Names the step, the cause, what serves now and the next command; and what it says of serving is true. */
const messageHelps: CloudInvariant = ({ run, wasKilled, after, scenario }) => {
  if (wasKilled || run.exitCode === 0 || run.exitCode === null) return none;
  const error = saidError(run.stdout);
  if (error === undefined) return [`says nothing of its failure: ${lastLines(run.stdout)}`];
  const { code, message, fix } = error;
  const hasSteps = /"state":"(started|failed)"/.test(run.stdout);
  const claimed = /\b(r\d+) (?:still )?serves/.exec(message)?.[1];
  const saysServing = claimed !== undefined || /nothing serves|agentctl status/.test(message);
  return [
    ...(code === 'Bug' ? [`calls itself a bug: ${message}`] : none),
    ...(hasSteps && scenario.name !== 'destroy' && !saysServing ? [`does not say what serves: ${message}`] : none),
    ...(claimed !== undefined && claimed !== recordedServing(after)?.id
      ? [`says that ${claimed} serves, the ledger says ${recordedServing(after)?.id}`]
      : none),
    ...(/\bagentctl \w+|\bagain\b|\ballow\b|\bcheck\b|\bwait\b/.test(fix) ? none : [`names no next command: ${fix}`]),
  ];
};

const endsInTime: CloudInvariant = ({ run, boundSeconds }) =>
  run.seconds <= boundSeconds ? none : [`took ${run.seconds.toFixed(1)} s, more than ${boundSeconds}`];

const recordTellsTheTruth: CloudInvariant = ({ phase, run, after, scenario, wasKilled }) => {
  // Who interrupts a rollout of AWS leaves it to AWS: it is recorded by the run that takes it up. A run that can no longer tell
  // whether its lock is still its own may record nothing, and says so.
  const isStopped = saidError(run.stdout)?.message.includes('the run was stopped where it was') === true;
  // Exit code 10 says that the way back failed too: `status` shows what runs then.
  const isLeft = wasKilled || run.exitCode === 130 || run.exitCode === 10 || isStopped;
  if (scenario.name === 'destroy' || (phase === 'hit' && (isLeft || !scenario.serves))) return none;
  const record = recordedServing(after);
  const digests = new Set(Object.values(record?.digests ?? {}));
  const others = after.running.filter((digest) => !digests.has(digest));
  return others.length === 0 ? none : [`the ledger says ${record?.id}, but ${others.join()} runs`];
};

/** What must hold after any fault. */
export const cloudInvariants: Readonly<Record<string, CloudInvariant>> = {
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

/** Pure: the error in the last line of `--json`. */
export function saidError(stdout: string): SaidError | undefined {
  const line = stdout.trimEnd().split('\n').at(-1) ?? '';
  try {
    return (JSON.parse(line) as { error?: SaidError }).error;
  } catch {
    return undefined;
  }
}

function lastLines(text: string): string {
  return text.trimEnd().split('\n').slice(-2).join('\n');
}
