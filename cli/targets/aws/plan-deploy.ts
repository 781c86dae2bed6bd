import type { z } from 'zod';
import type { AgentSpec } from '../../../stacks/spec/index.js';
import { hasPooler } from '../../../stacks/aws/references.js';
import { PlanBuilder } from '../../plan/plan-builder.js';
import type { Plan } from '../../plan/plan.js';
import { type DeferredInputs, outputOf, type StepHandle } from '../../plan/reference.js';
import { composeSecrets } from '../../steps/aws/compose-secrets.js';
import { deployStack, type deployedOutputs } from '../../steps/aws/deploy-stack.js';
import { destroyStack } from '../../steps/aws/destroy-stack.js';
import { ensureSecrets } from '../../steps/aws/ensure-secrets.js';
import type { StageRequest } from '../../steps/aws/stage-request.js';
import { verifyRelease } from '../../steps/aws/verify-release.js';
import { addImages, type PlannedImages } from '../add-images.js';
import { addMigrations, type PlannedMigrations } from './add-migrations.js';
import type { AwsFacts } from './aws-facts.js';
import { newRecord } from '../new-record.js';
import { addRollout, servicesOf } from './plan-rollout.js';
import { recordedRequest } from './recorded-release.js';
import { newReleaseId, servingRecord } from './serving-release.js';
import { addPooler, addSettling } from './add-password-steps.js';
import { recordedVersions, usedSecrets } from './used-secrets.js';

/** What a plan is made from. */
export interface PlanDeployOptions {
  readonly spec: AgentSpec;
  readonly stage: string;
  readonly specHash: string;
  readonly facts: AwsFacts;
  /** Logical ids of resources with data that may be replaced or removed. */
  readonly allowReplace: readonly string[];
}

/** Pure: how to get from what runs to what the spec says; when nothing differs, only how to prove it. */
export function planDeploy(options: PlanDeployOptions): Plan {
  const { spec, stage, specHash, facts } = options;
  const previous = servingRecord(facts);
  const header = headerOf(options, 'deploy');
  const builder = new PlanBuilder();
  if (previous !== undefined && facts.isUnchanged) {
    const { images } = recordedRequest(previous);
    builder.add('verify', verifyRelease, {
      release: previous.id,
      services: servicesOf(spec, images),
      foundation: facts.stacks.foundation?.outputs ?? {},
      service: facts.stacks.service?.outputs ?? {},
      withinSeconds: 60,
    });
    return builder.build({ ...header, release: null });
  }

  const release = newReleaseId(facts);
  const base = addBase(builder, options, release);
  const { foundation, planned, migrations } = base;
  const secrets = recordedVersions({ spec, stage, release }, facts);
  const recorded = addRollout(builder, {
    facts,
    request: base.request,
    foundation: outputOf(foundation, 'outputs'),
    record: newRecord({ spec, release, facts, specHash, digests: planned.digests, secrets }),
    revisions: migrations.revisions,
    previous,
    after: [...migrations.after, ...base.pooled],
    hasPooler: hasPooler(spec),
  });
  addRemovals(builder, options, recorded);
  return builder.build({ ...header, release, changes: facts.changes });
}

/** What the release before may still have used, and this one does not. Until here everything could go back to that. */
function addRemovals(builder: PlanBuilder, options: PlanDeployOptions, recorded: StepHandle<unknown>): void {
  const { spec, stage, facts, allowReplace } = options;
  const isLeft = spec.migrations.length === 0 && facts.stacks.migrations !== undefined;
  const migrations = { scope: { name: spec.name, stage }, stack: 'migrations', unprotect: false, keeps: [] } as const;
  const removed = isLeft ? [builder.add('remove-migrations', destroyStack, migrations, { after: [recorded] })] : [];
  if (!facts.dropsParts) return;
  const foundation = { stack: 'foundation', request: foundationRequest(spec, stage), removal: 'due' } as const;
  builder.add(
    'clear',
    deployStack,
    { ...foundation, allowReplace: [...allowReplace] },
    { after: [recorded, ...removed] },
  );
}

/** The foundation does not know what runs on it. */
function foundationRequest(spec: AgentSpec, stage: string): StageRequest {
  return { spec, stage, release: null, images: {}, secretsMarker: null };
}

/** Pure: what is the same in every plan that is made from the file. */
export function headerOf({ spec, stage, specHash, facts }: PlanDeployOptions, action: 'deploy' | 'migrate') {
  const base = { release: servingRecord(facts)?.id ?? null };
  return {
    action,
    runId: facts.runId,
    madeAt: facts.now,
    target: 'aws',
    stage,
    name: spec.name,
    specHash,
    base,
  } as const;
}

/** What a release stands on. */
export interface PlannedBase {
  readonly foundation: StepHandle<z.output<typeof deployedOutputs>>;
  readonly planned: PlannedImages;
  readonly migrations: PlannedMigrations;
  /** What clients of the pooler wait for; migrations go around it. */
  readonly pooled: readonly StepHandle<unknown>[];
  /** What its stacks are synthesized from. */
  readonly request: DeferredInputs<StageRequest> & Pick<StageRequest, 'spec' | 'stage'>;
}

/** Secrets, foundation, images, composed secrets, migrations. */
export function addBase(
  builder: PlanBuilder,
  { spec, stage, facts, allowReplace }: PlanDeployOptions,
  release: string,
  only?: ReadonlySet<string>,
): PlannedBase {
  const scope = { name: spec.name, stage };
  const { composed, userSecrets, parts } = usedSecrets({ spec, stage, release });
  const isPooled = hasPooler(spec);
  const made = { scope, parts: [...parts], pooler: isPooled };
  const secrets = parts.length === 0 ? [] : [builder.add('secrets', ensureSecrets, made)];
  const settled = addSettling(builder, facts);
  const foundation = builder.add(
    'foundation',
    deployStack,
    {
      stack: 'foundation',
      request: foundationRequest(spec, stage),
      allowReplace: [...allowReplace],
      removal: facts.dropsParts ? 'later' : 'now',
    },
    { after: [...secrets, ...settled] },
  );
  const planned = addImages(builder, {
    spec,
    stage,
    cloud: 'aws',
    facts,
    foundation,
    ...(only === undefined ? {} : { only }),
  });
  const composedStep = builder.add('compose', composeSecrets, {
    scope,
    composed: [...composed],
    userSecrets: [...userSecrets],
    parts: [...parts],
    outputs: outputOf(foundation, 'outputs'),
  });
  const outputs = outputOf(foundation, 'outputs');
  const pooled = isPooled ? [addPooler(builder, { facts, foundation: outputs, after: [foundation] })] : [];
  const secretsMarker = outputOf(composedStep, 'marker');
  const request = { spec, stage, release, images: planned.images, secretsMarker };
  const after = [...planned.after, composedStep];
  const migrations = addMigrations(builder, { request, release, facts, foundation, after });
  return { foundation, planned, migrations, request, pooled };
}
