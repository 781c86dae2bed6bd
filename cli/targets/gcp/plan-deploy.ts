import type { z } from 'zod';
import type { AgentSpec } from '../../../stacks/spec/index.js';
import { PlanBuilder } from '../../plan/plan-builder.js';
import type { Plan } from '../../plan/plan.js';
import { outputOf, type StepHandle } from '../../plan/reference.js';
import { composeSecrets } from '../../steps/gcp/compose-secrets.js';
import { deployConfiguration, type deployedOutputs } from '../../steps/gcp/deploy-configuration.js';
import { ensureSecrets } from '../../steps/gcp/ensure-secrets.js';
import { verifyRelease } from '../../steps/gcp/verify-release.js';
import { addImages, type PlannedImages } from '../add-images.js';
import { newRecord } from '../new-record.js';
import { addMigrations, type PlannedMigrations } from './add-migrations.js';
import { foundationRequest } from './foundation-request.js';
import { addSettling } from './add-settling.js';
import { addRemovals, leavingFoundation } from './add-removals.js';
import type { GcpFacts } from './gcp-facts.js';
import { addRollout, type DeferredRequest } from './plan-rollout.js';
import { newReleaseId, recordedRelease, servingRecord } from './recorded-release.js';
import { checkedServices } from './stage-services.js';
import { recordedVersions, usedSecrets } from './used-secrets.js';

/** What a plan is made from. */
export interface PlanDeployOptions {
  readonly spec: AgentSpec;
  readonly stage: string;
  readonly specHash: string;
  readonly facts: GcpFacts;
  /** Addresses of resources with data that may be replaced or removed. */
  readonly allowReplace: readonly string[];
}

/** Pure: how to get from what runs to what the spec says; when nothing differs, only how to prove it. */
export function planDeploy(options: PlanDeployOptions): Plan {
  const { spec, stage, specHash, facts } = options;
  const previous = servingRecord(facts);
  const header = headerOf(options, 'deploy');
  const builder = new PlanBuilder();
  if (previous !== undefined && facts.isUnchanged) {
    const { request, revisions } = recordedRelease(previous);
    builder.add('verify', verifyRelease, {
      release: previous.id,
      services: checkedServices(request.spec, facts.scope, request.images),
      revisions,
      foundation: { ...facts.outputs.foundation },
      withinSeconds: 60,
    });
    return builder.build({ ...header, release: null });
  }
  const release = newReleaseId(facts);
  const base = addBase(builder, options, release);
  const { foundation, planned, migrations, request } = base;
  const secrets = recordedVersions({ spec, stage, release }, facts);
  const recorded = addRollout(builder, {
    facts,
    request,
    foundation: outputOf(foundation, 'outputs'),
    record: newRecord({ spec, release, facts, specHash, digests: planned.digests, secrets }),
    schemas: migrations.revisions,
    previous,
    after: migrations.after,
  });
  addRemovals(builder, options, { request, foundation: base.foundationRequest, recorded });
  return builder.build({ ...header, release, changes: facts.changes });
}

/** Pure: what is the same in every plan that is made from the file. */
export function headerOf({ spec, stage, specHash, facts }: PlanDeployOptions, action: 'deploy' | 'migrate') {
  return {
    action,
    runId: facts.runId,
    madeAt: facts.now,
    target: 'gcp',
    stage,
    name: spec.name,
    specHash,
    base: { release: servingRecord(facts)?.id ?? null },
  } as const;
}

/** What a release stands on. */
export interface PlannedBase {
  readonly foundation: StepHandle<z.output<typeof deployedOutputs>>;
  readonly planned: PlannedImages;
  readonly migrations: PlannedMigrations;
  /** What its configurations are synthesized from. */
  readonly request: DeferredRequest;
  readonly foundationRequest: DeferredRequest;
}

/** Secrets, foundation, images, composed secrets, migrations. */
export function addBase(
  builder: PlanBuilder,
  { spec, stage, facts, allowReplace }: PlanDeployOptions,
  release: string,
  only?: ReadonlySet<string>,
): PlannedBase {
  const scope = { name: spec.name, stage };
  const { composed, userSecrets, parts, madeUp, madeByMemorystore } = usedSecrets({ spec, stage, release });
  const secrets =
    madeUp.length === 0
      ? undefined
      : builder.add('secrets', ensureSecrets, { scope, parts: [...madeUp] }, { after: addSettling(builder, facts) });
  const base = { spec, stage, protect: true } as const;
  const ofFoundation = foundationRequest(spec, facts, secrets === undefined ? {} : outputOf(secrets, 'versions'));
  const foundation = builder.add('foundation', deployConfiguration, {
    stack: 'foundation',
    request: ofFoundation,
    allowReplace: [...allowReplace],
    leaving: facts.drops.includes('foundation') ? leavingFoundation(facts, false) : null,
  });
  const images = { spec, stage, cloud: 'gcp', facts, foundation } as const;
  const planned = addImages(builder, { ...images, ...(only === undefined ? {} : { only }) });
  const compose = builder.add('compose', composeSecrets, {
    scope,
    composed: [...composed],
    userSecrets: [...userSecrets],
    parts: [...parts],
    madeByMemorystore: { ...madeByMemorystore },
    outputs: outputOf(foundation, 'outputs'),
  });
  const request = { ...base, release, images: planned.images, secretVersions: outputOf(compose, 'versions') };
  const migrations = addMigrations(builder, { request, facts, after: [...planned.after, compose] });
  return { foundation, planned, migrations, request, foundationRequest: ofFoundation };
}
