import { digestOf, rotatedSecret } from '../faults/canaries.js';
import { type CloudFaultStage, deployFirst, mustRun, setSecrets } from './cloud-fault-stage.js';
import { type CloudSnapshot, recordedServing } from './cloud-snapshot.js';

/** A command that faults happen to. */
export interface CloudScenario {
  readonly name: string;
  /** Whether it begins with a stage that serves, or with an account that only has its secrets. */
  readonly needs: 'serving' | 'nothing';
  /** Whether a release serves before, during and after. */
  readonly serves: boolean;
  /** Makes something to do. */
  prepare(stage: CloudFaultStage): Promise<void>;
  args(before: CloudSnapshot): readonly string[];
  input?(stage: CloudFaultStage): string;
  /** What is wrong with a stage on which it has come to its end. */
  problems(before: CloudSnapshot, after: CloudSnapshot, stage: CloudFaultStage): readonly string[];
  /** The same once more, which has nothing to do and says so. */
  readonly idle: { args(before: CloudSnapshot): readonly string[]; isSaid(stdout: string): boolean };
}

const deploy = (): readonly string[] => ['deploy', '--yes'];
const isUnchanged = (stdout: string): boolean => /"changed":false/.test(stdout);

const update: CloudScenario = {
  name: 'update',
  needs: 'serving',
  serves: true,
  prepare: async (stage) => await stage.nextVersion(),
  args: deploy,
  problems: (_, after, { version }) => serving(after, `v${version}`),
  idle: { args: deploy, isSaid: isUnchanged },
};

const first: CloudScenario = { ...update, name: 'first', needs: 'nothing', serves: false };

/** Releases flip between two versions: the newest record of another origin than the one that serves. */
function rollbackTarget(before: CloudSnapshot): string {
  const origin = recordedServing(before)?.origin;
  return before.ledger.findLast((one) => one.outcome === 'released' && one.origin !== origin)?.id ?? '';
}

const rollbackArgs = (before: CloudSnapshot): readonly string[] => ['rollback', rollbackTarget(before), '--yes'];

const rollback: CloudScenario = {
  ...update,
  name: 'rollback',
  prepare: async () => await Promise.resolve(),
  args: rollbackArgs,
  problems: (before, after) => {
    const wanted = before.ledger.find(({ id }) => id === rollbackTarget(before))?.origin;
    const origin = recordedServing(after)?.origin;
    return [...serving(after, undefined), ...(origin === wanted ? [] : [`${origin} serves, not ${wanted} again`])];
  },
  idle: { args: rollbackArgs, isSaid: isUnchanged },
};

const rotate: CloudScenario = {
  ...update,
  name: 'rotate',
  prepare: async (stage) => await Promise.resolve(stage.nextRotatedValue()),
  args: () => ['secrets', 'rotate', rotatedSecret, '--yes'],
  input: ({ rotatedValue }) => rotatedValue,
  problems: (before, after, { rotatedValue }) => [
    ...serving(after, before.body),
    ...(after.tokenDigest === digestOf(rotatedValue) ? [] : ['what serves has not got the new value']),
  ],
};

const destroyArgs = (): readonly string[] => ['destroy', '--yes'];

const destroy: CloudScenario = {
  ...update,
  name: 'destroy',
  serves: false,
  prepare: async ({ prober }) => await Promise.resolve(prober.point(undefined)),
  args: destroyArgs,
  problems: (_, after) => (after.body === undefined ? [] : [`${after.body} still answers`]),
  idle: { args: destroyArgs, isSaid: (stdout) => /nothing to destroy|"changed":false/.test(stdout) },
};

/** Every scenario, by name. */
export const cloudScenarios = { update, first, rollback, rotate, destroy } as const;

/** Brings a stage to where a scenario begins, if the cell before has not left it there. */
export async function bringStage(stage: CloudFaultStage, { needs }: CloudScenario, now: CloudSnapshot): Promise<void> {
  if (needs === 'serving' && !now.isPrepared) return await deployFirst(stage);
  if (needs === 'serving' && (now.body === undefined || recordedServing(now) === undefined)) {
    await stage.nextVersion();
    stage.prober.point((await mustRun(stage, deploy())).stdout.trim());
  }
  if (needs === 'nothing' && now.isDeployed) {
    stage.prober.point(undefined);
    stage.prober.forget();
    await mustRun(stage, ['destroy', '--delete-data', '--no-final-backup', '--yes']);
    stage.cloud.forget();
  }
  if (needs === 'nothing') {
    await stage.nextVersion();
    if (!now.isPrepared) await mustRun(stage, ['bootstrap', '--yes']);
    await setSecrets(stage);
  }
}

/** @param body undefined: whichever */
function serving(after: CloudSnapshot, body: string | undefined): readonly string[] {
  if (after.body === undefined) return [`nothing answers at ${after.url}`];
  return [
    ...(body === undefined || after.body === body ? [] : [`${after.body} answers instead of ${body}`]),
    ...after.unsettled,
  ];
}
