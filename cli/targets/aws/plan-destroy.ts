import type { StageScope } from '../../../stacks/aws/naming.js';
import { PlanBuilder } from '../../plan/plan-builder.js';
import type { Plan } from '../../plan/plan.js';
import type { StepHandle } from '../../plan/reference.js';
import { deleteSecrets } from '../../steps/aws/delete-secrets.js';
import { destroyStack } from '../../steps/aws/destroy-stack.js';
import { emptyRepository } from '../../steps/aws/empty-repository.js';
import { removeDatabase } from '../../steps/aws/remove-database.js';
import { snapshotDatabase } from '../../steps/aws/snapshot-database.js';
import type { DestroyWish, PlanIdentity } from '../target.js';
import { snapshotId } from './snapshot-id.js';

export interface PlanDestroyOptions extends PlanIdentity, DestroyWish {
  readonly scope: StageScope;
  readonly specHash: string;
  readonly serving: string | null;
  /** Of RDS; undefined when there is none. */
  readonly instance: string | undefined;
  /** Instances that restores have replaced. */
  readonly replaced: readonly string[];
  /** Of the final snapshot. */
  readonly tags: Readonly<Record<string, string>>;
  /** What no destroy takes away, for the last word: backups, ledger. */
  readonly alwaysKept: readonly string[];
}

/** Pure: how to take a stage away. The same plan on a stage that is gone already changes nothing. */
export function planDestroy(options: PlanDestroyOptions): Plan {
  const { scope, deleteData, serving, specHash, runId, madeAt } = options;
  const builder = new PlanBuilder();
  const saved = deleteData ? addFinalSnapshot(builder, options) : [];
  const stopped = builder.add(
    'stop',
    destroyStack,
    { scope: { ...scope }, stack: 'service', unprotect: false, keeps: [] },
    { after: saved },
  );
  if (deleteData) addRemoval(builder, options, stopped);
  else {
    const keeps = [
      `the foundation stack of ${scope.name} on stage ${scope.stage}: network, load balancer, database and whatever else holds data; it costs as before`,
      'the values of its secrets',
      ...options.alwaysKept,
    ];
    const inputs = { scope: { ...scope }, stack: 'migrations', unprotect: false, keeps } as const;
    builder.add('remove', destroyStack, inputs, { after: [stopped] });
  }
  const header = { runId, madeAt, target: 'aws', stage: scope.stage, name: scope.name, specHash };
  return builder.build({ ...header, action: 'destroy', base: { release: serving }, release: null });
}

function addFinalSnapshot(builder: PlanBuilder, options: PlanDestroyOptions): readonly StepHandle<unknown>[] {
  const { scope, instance, finalBackup, madeAt, runId, tags } = options;
  if (!finalBackup || instance === undefined) return [];
  const id = snapshotId(scope, madeAt, runId);
  return [builder.add('backup', snapshotDatabase, { id, instance, reason: 'final', tags: { ...tags } })];
}

/** Data first: the network cannot go while something is in it. */
function addRemoval(builder: PlanBuilder, options: PlanDestroyOptions, stopped: StepHandle<unknown>): void {
  const { scope, instance, replaced, alwaysKept } = options;
  const migrations = builder.add(
    'migrations',
    destroyStack,
    { scope: { ...scope }, stack: 'migrations', unprotect: false, keeps: [] },
    { after: [stopped] },
  );
  const images = builder.add('images', emptyRepository, { scope: { ...scope } }, { after: [migrations] });
  const databases = [...(instance === undefined ? [] : [instance]), ...replaced].map((each, index) =>
    builder.add(
      index === 0 ? 'database' : `database-${index + 1}`,
      removeDatabase,
      { instance: each },
      { after: [migrations] },
    ),
  );
  const foundation = { scope: { ...scope }, stack: 'foundation', unprotect: true, keeps: [...alwaysKept] } as const;
  const removed = builder.add('remove', destroyStack, foundation, { after: [images, ...databases] });
  builder.add('secrets', deleteSecrets, { scope: { ...scope } }, { after: [removed] });
}
