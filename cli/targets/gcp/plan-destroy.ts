import type { StackKind, StageScope } from '../../../stacks/gcp/naming.js';
import { PlanBuilder } from '../../plan/plan-builder.js';
import type { Plan } from '../../plan/plan.js';
import type { StepHandle } from '../../plan/reference.js';
import { deleteSecrets } from '../../steps/gcp/delete-secrets.js';
import { destroyConfiguration } from '../../steps/gcp/destroy-configuration.js';
import { forgetStage } from '../../steps/gcp/forget-stage.js';
import { snapshotDatabase } from '../../steps/gcp/snapshot-database.js';
import type { StageRequest } from '../../steps/gcp/stage-request.js';
import type { DestroyWish, PlanIdentity } from '../target.js';
import type { AppliedRequests } from './applied-requests.js';
import { backupDescription } from './backup-description.js';

export interface PlanDestroyOptions extends PlanIdentity, DestroyWish {
  readonly scope: StageScope;
  readonly specHash: string;
  readonly serving: string | null;
  /** What was applied of each configuration. */
  readonly applied: AppliedRequests;
  /** Of Cloud SQL; undefined when there is none. */
  readonly instance: string | undefined;
  /** What the final backup says of the schema. */
  readonly schema: string | null;
  /** `gs://…`. */
  readonly ledger: string;
}

/** Pure: how to take a stage away. The same plan on a stage that is gone already changes nothing. */
export function planDestroy(options: PlanDestroyOptions): Plan {
  const { scope, serving, ledger, runId, madeAt, specHash, deleteData, instance } = options;
  const builder = new PlanBuilder();
  const saved = deleteData ? addFinalBackup(builder, options) : [];
  if (deleteData) {
    const stopped = addDestroy(builder, options, { id: 'stop', stack: 'service', keeps: [], after: saved });
    const after = addDestroy(builder, options, { id: 'migrations', stack: 'migrations', keeps: [], after: stopped });
    const keeps =
      instance === undefined ? [] : ['backups of the database: agentctl backup list, or gcloud sql backups'];
    const removed = addDestroy(builder, options, { id: 'remove', stack: 'foundation', keeps, after });
    const secrets = builder.add('secrets', deleteSecrets, { scope: { ...scope } }, { after: removed });
    builder.add('forget', forgetStage, { scope: { ...scope } }, { after: [secrets] });
  } else {
    const keeps = [
      `the foundation of ${scope.name} on stage ${scope.stage}: network, address, registry, database and whatever else holds data; it costs as before`,
      'the values of its secrets',
      `the release ledger: ${ledger}`,
    ];
    // The last step has the last word.
    const hasJobs = requestOf(options, 'migrations') !== undefined;
    const id = hasJobs ? 'stop' : 'remove';
    const stopped = addDestroy(builder, options, { id, stack: 'service', keeps: hasJobs ? [] : keeps, after: saved });
    addDestroy(builder, options, { id: 'remove', stack: 'migrations', keeps, after: stopped });
  }
  const header = { runId, madeAt, target: 'gcp', stage: scope.stage, name: scope.name, specHash };
  return builder.build({ ...header, action: 'destroy', base: { release: serving }, release: null });
}

interface DestroyOne {
  readonly id: string;
  readonly stack: StackKind;
  readonly keeps: readonly string[];
  readonly after: readonly StepHandle<unknown>[];
}

/** A configuration that was never applied has nothing to take away. */
function addDestroy(
  builder: PlanBuilder,
  options: PlanDestroyOptions,
  { id, stack, keeps, after }: DestroyOne,
): readonly StepHandle<unknown>[] {
  const request = requestOf(options, stack);
  if (request === undefined) return after;
  const inputs = { stack, request: { ...request, protect: false }, keeps: [...keeps] };
  return [builder.add(id, destroyConfiguration, inputs, { after })];
}

/** What a configuration was applied from; of before such notes were made, what the services were. */
function requestOf({ applied }: PlanDestroyOptions, stack: StackKind): StageRequest | undefined {
  const request = applied[stack] ?? applied.service;
  // Without migrations there is no such configuration.
  return stack === 'migrations' && request?.spec.migrations.length === 0 ? undefined : request;
}

function addFinalBackup(builder: PlanBuilder, options: PlanDestroyOptions): readonly StepHandle<unknown>[] {
  const { scope, instance, finalBackup, runId, schema } = options;
  if (!finalBackup || instance === undefined) return [];
  const description = backupDescription({ scope, reason: 'final', runId, schema });
  return [builder.add('backup', snapshotDatabase, { instance, reason: 'final', description })];
}
