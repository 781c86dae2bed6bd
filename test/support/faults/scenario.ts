import { digestOf, rotatedSecret } from './canaries.js';
import type { FaultStage } from './fault-stage.js';
import type { Snapshot } from './snapshot.js';

/** A command that faults happen to, and how it ends when nothing happens. */
export interface Scenario {
  readonly name: string;
  /** The command line; some name what the stage has. */
  args(before: Snapshot): readonly string[];
  /** Standard input of the command. @default - nothing */
  input?(stage: FaultStage): string;
  /** Exit code without a fault. */
  readonly exitCode: number;
  /** Whether it begins with a stage that serves, or with one that was never there. */
  readonly needs: 'serving' | 'nothing';
  /** Whether a release serves before, during and after. */
  readonly serves: boolean;
  /** Makes something to do for the command. */
  prepare(stage: FaultStage): Promise<void>;
  /** What is wrong with a stage on which the command has come to its end; empty when nothing is. */
  problems(before: Snapshot, after: Snapshot, stage: FaultStage): readonly string[];
  /** The run after, which has nothing to do, and what it says. */
  readonly third: {
    args(before: Snapshot): readonly string[];
    readonly says: string;
    prepare?(stage: FaultStage, before: Snapshot): Promise<void>;
  };
  /** Whether an unfinished run is gone on with by `resume`. */
  readonly resumes: boolean;
}

const deploy = () => ['deploy', '--yes', '--verbose'];
const nothingToDo = { args: deploy, says: 'nothing to do' };

const update: Scenario = {
  name: 'update',
  args: deploy,
  exitCode: 0,
  needs: 'serving',
  serves: true,
  resumes: true,
  prepare: async (stage) => await stage.nextVersion(),
  problems: (_, after, { version }) => serving(after, `v${version}`, version),
  third: nothingToDo,
};

/** After a failed deploy the old release serves, and asking for it again has nothing to do. */
const backTo = {
  ...nothingToDo,
  prepare: async (stage: FaultStage, before: Snapshot) => await stage.returnTo(Number(before.body?.slice(1))),
};

const unfit: Scenario = {
  ...update,
  name: 'unfit',
  exitCode: 9,
  prepare: async (stage) => await stage.nextVersion({ mode: 'unfit' }),
  problems: (before, after, { version }) => rolledBack(before, after, version),
  third: backTo,
};

const crash: Scenario = {
  ...unfit,
  name: 'crash',
  prepare: async (stage) => await stage.nextVersion({ mode: 'crash' }),
};

const first: Scenario = {
  ...update,
  name: 'first',
  needs: 'nothing',
  serves: false,
  prepare: async (stage) => {
    stage.setSecrets();
    await stage.nextVersion();
  },
};

const destroy: Scenario = {
  name: 'destroy',
  args: () => ['destroy', '--yes', '--verbose'],
  exitCode: 0,
  needs: 'serving',
  serves: false,
  resumes: false,
  prepare: async (stage) => {
    stage.prober.point(undefined);
    await Promise.resolve();
  },
  problems: (_, after) => [
    ...gone(after),
    ...leftOver(after, /^(postgres|redis|secrets\.json|releases\/|runs\/|backups\/)/),
  ],
  third: { args: () => ['destroy', '--yes', '--verbose'], says: 'nothing to destroy' },
};

function destroyWithData(name: string, flags: readonly string[]): Scenario {
  const args = () => ['destroy', '--delete-data', ...flags, '--yes', '--verbose'];
  return {
    ...destroy,
    name,
    args,
    prepare: async (stage) => {
      stage.prober.point(undefined);
      stage.prober.forget();
      await Promise.resolve();
    },
    problems: (_, after) => [...gone(after), ...leftOver(after, /^backups\//)],
    third: { args, says: 'nothing to destroy' },
  };
}

/** Releases flip between two versions: the newest record of another origin than the one that serves. */
function rollbackTarget({ ledger, answering }: Snapshot): string {
  const origin = ledger.find(({ id }) => id === answering)?.origin;
  return ledger.findLast((record) => record.outcome === 'released' && record.origin !== origin)?.id ?? '';
}

const rollback: Scenario = {
  ...update,
  name: 'rollback',
  args: (before) => ['rollback', rollbackTarget(before), '--yes', '--verbose'],
  prepare: async () => await Promise.resolve(),
  problems: (before, after) => {
    const originOf = (id: string | undefined) => after.ledger.find((record) => record.id === id)?.origin;
    const wanted = originOf(rollbackTarget(before));
    return [
      ...serving(after, undefined, before.database?.head ?? 0),
      ...(originOf(after.answering) === wanted ? [] : [`${after.answering} serves, which is not ${wanted} again`]),
    ];
  },
  third: { args: (before) => ['rollback', rollbackTarget(before), '--yes', '--verbose'], says: 'nothing to do' },
};

const rotate: Scenario = {
  ...update,
  name: 'rotate',
  args: () => ['secrets', 'rotate', rotatedSecret, '--yes', '--verbose'],
  input: (stage) => stage.rotatedValue,
  prepare: async (stage) => await Promise.resolve(stage.nextRotatedValue()),
  problems: (before, after, stage) => [
    ...serving(after, before.body, before.database?.head ?? 0),
    ...(after.tokenDigest === digestOf(stage.rotatedValue) ? [] : ['what serves has not got the new value']),
  ],
  third: backTo,
};

const migrate: Scenario = {
  ...update,
  name: 'migrate',
  args: () => ['migrate', '--yes', '--verbose'],
  problems: (before, after, { version }) => [
    ...serving(after, before.body, version),
    ...(after.answering === before.answering ? [] : [`${after.answering} serves instead of ${before.answering}`]),
  ],
  third: { args: () => ['migrate', '--yes', '--verbose'], says: '' },
};

const untouched = (before: Snapshot, after: Snapshot): readonly string[] => [
  ...serving(after, before.body, before.database?.head ?? 0),
  ...(after.answering === before.answering ? [] : [`${after.answering} serves instead of ${before.answering}`]),
];

const backup: Scenario = {
  ...update,
  name: 'backup',
  args: () => ['backup', 'create', '--verbose'],
  prepare: async () => await Promise.resolve(),
  problems: (before, after) => [
    ...untouched(before, after),
    ...(after.backups > before.backups ? [] : ['there is no new backup']),
  ],
  third: { args: () => ['backup', 'list'], says: '' },
};

const restore: Scenario = {
  ...update,
  name: 'restore',
  args: () => ['backup', 'restore', 'latest', '--yes', '--verbose'],
  // What is written after the backup is gone after the restore, as it should be: nothing is.
  prepare: async (stage) => {
    stage.prober.write(false);
    await stage.prober.take();
    const { exitCode, stderr } = await stage.project.agentctl(['backup', 'create']);
    if (exitCode !== 0) throw new Error(stderr);
  },
  problems: untouched,
  third: {
    ...backTo,
    async prepare(stage, before) {
      await backTo.prepare(stage, before);
      stage.prober.write(true);
    },
  },
};

/** Every scenario, by name. */
export const scenarios = {
  update,
  unfit,
  crash,
  first,
  destroy,
  'destroy-data': destroyWithData('destroy-data', ['--no-final-backup']),
  'destroy-backup': destroyWithData('destroy-backup', []),
  rollback,
  rotate,
  migrate,
  backup,
  restore,
} as const;
export type ScenarioName = keyof typeof scenarios;

/** @param version undefined: whichever */
function serving(
  { answering, body, status, database }: Snapshot,
  version: string | undefined,
  head: number,
): readonly string[] {
  return [
    ...(version === undefined || body === version ? [] : [`${body ?? 'nothing'} answers instead of ${version}`]),
    ...(database?.head === head ? [] : [`the schema is at ${database?.head}, not ${head}`]),
    ...(answering === undefined ? [`nothing answers on ${status?.url}`] : []),
  ];
}

function rolledBack(before: Snapshot, after: Snapshot, head: number): readonly string[] {
  return [
    ...serving(after, before.body ?? '', head),
    ...(after.answering === before.answering ? [] : [`${after.answering} serves instead of ${before.answering}`]),
  ];
}

function gone({ status, processes }: Snapshot): readonly string[] {
  return [
    ...(status === undefined ? [] : ['the supervisor still answers']),
    ...processes.map(({ pid, commandLine }) => `${pid} still runs: ${commandLine}`),
  ];
}

function leftOver({ files }: Snapshot, mayStay: RegExp): readonly string[] {
  return files.filter((file) => !mayStay.test(file)).map((file) => `${file} is still there`);
}
