import type { FaultStage } from './fault-stage.js';
import type { Snapshot } from './snapshot.js';

/** A command that faults happen to, and how it ends when nothing happens. */
export interface Scenario {
  readonly name: string;
  readonly args: readonly string[];
  /** Exit code without a fault. */
  readonly exitCode: number;
  /** Whether it begins with a stage that serves, or with one that was never there. */
  readonly needs: 'serving' | 'nothing';
  /** Whether a release serves before, during and after. */
  readonly serves: boolean;
  /** Makes something to do for the command. */
  prepare(stage: FaultStage): Promise<void>;
  /** What is wrong with a stage on which the command has come to its end; empty when nothing is. */
  problems(before: Snapshot, after: Snapshot, version: number): readonly string[];
  /** The run after, which has nothing to do, and what it says. */
  readonly third: {
    readonly args: readonly string[];
    readonly says: string;
    prepare?(stage: FaultStage, before: Snapshot): Promise<void>;
  };
  /** Whether an unfinished run is gone on with by `resume`. */
  readonly resumes: boolean;
}

const deploy = ['deploy', '--yes', '--verbose'];
const nothingToDo = { args: deploy, says: 'nothing to do' };

const update: Scenario = {
  name: 'update',
  args: deploy,
  exitCode: 0,
  needs: 'serving',
  serves: true,
  resumes: true,
  prepare: async (stage) => await stage.nextVersion(),
  problems: (_, after, version) => serving(after, `v${version}`, version),
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
  problems: (before, after, version) => rolledBack(before, after, version),
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
  args: ['destroy', '--yes', '--verbose'],
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
    ...after.files
      .filter((file) => !/^(postgres|redis|secrets\.json|releases\/|runs\/)/.test(file))
      .map((file) => `${file} is still there`),
  ],
  third: { args: ['destroy', '--yes', '--verbose'], says: 'nothing to destroy' },
};

const destroyArgs = ['destroy', '--delete-data', '--yes', '--verbose'];
const destroyData: Scenario = {
  ...destroy,
  name: 'destroy-data',
  args: destroyArgs,
  prepare: async (stage) => {
    stage.prober.point(undefined);
    stage.prober.forget();
    await Promise.resolve();
  },
  problems: (_, after) => [...gone(after), ...after.files.map((file) => `${file} is still there`)],
  third: { args: destroyArgs, says: 'nothing to destroy' },
};

/** Every scenario, by name. */
export const scenarios = { update, unfit, crash, first, destroy, 'destroy-data': destroyData } as const;
export type ScenarioName = keyof typeof scenarios;

function serving({ answering, body, status, database }: Snapshot, version: string, head: number): readonly string[] {
  return [
    ...(body === version ? [] : [`${body ?? 'nothing'} answers instead of ${version}`]),
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
