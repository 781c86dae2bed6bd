import type { PlanBuilder } from '../../plan/plan-builder.js';
import type { StepHandle } from '../../plan/reference.js';
import { deployConfiguration } from '../../steps/gcp/deploy-configuration.js';
import { destroyConfiguration } from '../../steps/gcp/destroy-configuration.js';
import type { StageRequest } from '../../steps/gcp/stage-request.js';
import { foundationRequest } from './foundation-request.js';
import type { GcpFacts, GcpStageFacts } from './gcp-facts.js';
import type { PlanDeployOptions } from './plan-deploy.js';
import type { DeferredRequest } from './plan-rollout.js';
import { recordedRelease, servingRecord } from './recorded-release.js';

export interface AddRemovalsOptions {
  /** Of the release. */
  readonly request: DeferredRequest;
  /** Of the foundation. */
  readonly foundation: DeferredRequest;
  readonly recorded: StepHandle<unknown>;
}

/**
 * What the release before may still have used, and this one does not: first what uses, then what is used, so that no state
 * refers to something that is gone. Until here everything could go back.
 */
export function addRemovals(
  builder: PlanBuilder,
  { spec, facts, allowReplace }: Pick<PlanDeployOptions, 'spec' | 'facts' | 'allowReplace'>,
  { request, foundation, recorded }: AddRemovalsOptions,
): void {
  const previous = servingRecord(facts);
  if (previous === undefined) return;
  const before = recordedRelease(previous).request;
  const service = facts.drops.includes('service') ? [addClearing(builder, before, request, recorded)] : [];
  const hasJobs = spec.migrations.length === 0 && facts.outputs.migrations !== undefined;
  const jobs = hasJobs
    ? [
        builder.add(
          'remove-migrations',
          destroyConfiguration,
          { stack: 'migrations', request: { ...before, protect: false }, keeps: [] },
          { after: [recorded] },
        ),
      ]
    : [];
  const leaving = facts.drops.includes('foundation') ? leavingFoundation(facts, true) : null;
  if (leaving === null) return;
  builder.add(
    'clear',
    deployConfiguration,
    { stack: 'foundation', request: foundation, allowReplace: [...allowReplace], leaving },
    { after: [recorded, ...service, ...jobs] },
  );
}

/** Takes services and rights away that the release has no more. */
export function addClearing(
  builder: PlanBuilder,
  before: StageRequest,
  request: DeferredRequest,
  recorded: StepHandle<unknown>,
): StepHandle<unknown> {
  const leaving = { request: before, isDue: true };
  const inputs = { stack: 'service', request, allowReplace: [], leaving } as const;
  return builder.add('clear-service', deployConfiguration, inputs, { after: [recorded] });
}

/** What the foundation was for the release that serves. */
export function leavingFoundation(
  facts: GcpStageFacts & Pick<GcpFacts, 'drops'>,
  isDue: boolean,
): { readonly request: StageRequest; readonly isDue: boolean } | null {
  const previous = servingRecord(facts);
  if (previous === undefined) return null;
  const { spec, secretVersions } = recordedRelease(previous).request;
  return { request: foundationRequest(spec, facts, secretVersions), isDue };
}
