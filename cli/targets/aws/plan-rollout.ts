import { type AgentSpec, imageSourceOf } from '../../../stacks/spec/index.js';
import type { ReleaseRecord } from '../../ledger/release-record.js';
import { type PlanBuilder, StepList } from '../../plan/plan-builder.js';
import { type Deferred, type DeferredInputs, ifKnown, outputOf, type StepHandle } from '../../plan/reference.js';
import { composeSecrets } from '../../steps/aws/compose-secrets.js';
import { deployStack } from '../../steps/aws/deploy-stack.js';
import { destroyStack } from '../../steps/aws/destroy-stack.js';
import { recordRelease } from '../../steps/releases/record-release.js';
import { restorePassword } from '../../steps/aws/restore-password.js';
import { restoreSecret } from '../../steps/aws/restore-secret.js';
import { returnService } from '../../steps/aws/return-service.js';
import type { StageRequest } from '../../steps/aws/stage-request.js';
import { verifyRelease } from '../../steps/aws/verify-release.js';
import { checksOf } from '../local/verification-checks.js';
import { addPooler, addPoolerEnd } from './add-password-steps.js';
import type { AwsStageFacts } from './aws-facts.js';
import { type NewRecord, withKnownDigests } from '../new-record.js';
import { recordedRequest } from './recorded-release.js';
import { usedSecrets } from './used-secrets.js';

/** A new address, its name and its certificate take their time; tasks are up when CloudFormation is done. */
const provenWithinSeconds = 300;

/** A secret whose new value comes into use, and goes out of use again when the release does not come up. */
export interface RotatedVersion {
  readonly secret: string;
  /** In Secrets Manager. */
  readonly name: string;
  readonly version: string;
  /** Of RDS, when it is the password of the database. @default - a secret of the user */
  readonly instance?: string;
}

/** How a release replaces the one that serves. */
export interface RolloutOptions {
  readonly facts: AwsStageFacts;
  /** What the stacks are synthesized from. Images and marker may still have to be made. */
  readonly request: DeferredInputs<StageRequest> & { readonly spec: AgentSpec; readonly stage: string };
  /** Outputs of the foundation stack. */
  readonly foundation: Deferred<Record<string, string>>;
  readonly record: NewRecord;
  /** What its migrations say of the schema. */
  readonly revisions: readonly Deferred<string | null>[];
  /** What to return to; undefined when nothing serves. */
  readonly previous: ReleaseRecord | undefined;
  /** What has to be done first. */
  readonly after: readonly StepHandle<unknown>[];
  /** Steps whose effect the way back takes back as well. @default - none */
  readonly undone?: readonly StepHandle<unknown>[];
  /** Whether clients of the database go through a pooler of this stage. */
  readonly hasPooler: boolean;
  /** @default - none */
  readonly rotated?: RotatedVersion;
}

/** Roll out, verify, record; and the way back. Returns the step that records the release. */
export function addRollout(builder: PlanBuilder, options: RolloutOptions): StepHandle<unknown> {
  const { facts, request, foundation, record, revisions, previous, after, hasPooler, undone = [] } = options;
  const inputs = { stack: 'service', request, allowReplace: [], removal: 'now' } as const;
  const service = builder.add('service', deployStack, inputs, { after });
  const verified = builder.add('verify', verifyRelease, {
    release: record.id,
    services: servicesOf(request.spec, request.images),
    foundation,
    service: outputOf(service, 'outputs'),
    withinSeconds: provenWithinSeconds,
  });
  const recorded = builder.add(
    'record',
    recordRelease,
    { ...record, outcome: 'released', manifest: { request }, revisions },
    { after: [verified] },
  );
  if (hasPooler) addPoolerEnd(builder, { facts, foundation, after: [recorded] });
  // CloudFormation goes on by itself, and on its failure back. A value that was rotated is only in force when all is done.
  const guarded = {
    when: [...undone, service, verified],
    until: recorded,
    outlivesInterrupt: options.rotated === undefined,
  };
  builder.recover(guarded, previous?.id ?? null, wayBack(options));
  return recorded;
}

/** What of each service has to be proven. */
export function servicesOf(spec: AgentSpec, images: Deferred<Record<string, string>>) {
  const known: Readonly<Record<string, Deferred<string>>> = '$ref' in images ? {} : images;
  const services = Object.entries(spec.services);
  const checks = checksOf(
    services.map(([name, { routes, health }]) => ({ name, routes, readiness: health.readiness?.path })),
  );
  return services.map(([name, service]) => {
    const check = checks.find((one) => one.service === name);
    return {
      name,
      image: known[imageSourceOf(spec, service)] ?? '',
      check: check === undefined ? null : { path: check.path, readiness: check.readiness },
    };
  });
}

function wayBack(options: RolloutOptions): StepList {
  const { facts, request, foundation, record, previous, rotated } = options;
  const list = new StepList();
  const failed = (outcome: 'failed' | 'rolled-back', after: readonly StepHandle<unknown>[]) =>
    list.add(
      'record-failure',
      recordRelease,
      // Its migrations have run: the schema stays as they left it.
      { ...withKnownDigests(record), outcome, manifest: null, revisions: options.revisions.map(ifKnown) },
      { after },
    );
  const scope = { name: request.spec.name, stage: request.stage };
  if (previous === undefined) {
    const inputs = { scope, stack: 'service', unprotect: false, keeps: [] } as const;
    failed('failed', [list.add('remove', destroyStack, inputs)]);
    return list;
  }
  const before = recordedRequest(previous);
  const stackOutputs = facts.stacks.foundation?.outputs ?? {};
  const restored = rotated === undefined ? [] : [addRestoration(list, formerOf(rotated, facts))];
  // Until the services are back, some of them have the value that is taken back.
  const isPoolerTouched = rotated?.instance !== undefined && options.hasPooler;
  const pooler = { facts, foundation: stackOutputs };
  const pooled = isPoolerTouched ? [addPooler(list, { ...pooler, after: restored })] : [];
  const { composed, userSecrets, parts } = usedSecrets(before);
  const recomposed =
    rotated === undefined
      ? []
      : [
          list.add(
            'recompose',
            composeSecrets,
            { scope, composed: [...composed], userSecrets: [...userSecrets], parts: [...parts], outputs: stackOutputs },
            { after: [...restored, ...pooled] },
          ),
        ];
  const returned = list.add('return', returnService, { request: before }, { after: recomposed });
  const proven = list.add('verify-return', verifyRelease, {
    release: previous.id,
    services: servicesOf(before.spec, before.images),
    // As it is now: a way back cannot wait for what a step that failed would have said.
    foundation: '$ref' in foundation ? stackOutputs : foundation,
    service: outputOf(returned, 'outputs'),
    withinSeconds: provenWithinSeconds,
  });
  const recorded = failed('rolled-back', [proven]);
  if (isPoolerTouched) addPoolerEnd(list, { ...pooler, after: [recorded] });
  return list;
}

function addRestoration(list: StepList, { instance, ...former }: RotatedVersion): StepHandle<unknown> {
  if (instance === undefined) return list.add('restore-secret', restoreSecret, former);
  return list.add('restore-password', restorePassword, { ...former, instance });
}

/** A rotation needs a value that is current: there is one to go back to. */
function formerOf(rotated: RotatedVersion, { versions }: AwsStageFacts): RotatedVersion {
  const version = versions.get(rotated.name);
  if (version === undefined) throw new Error(`the secret ${rotated.name} has no current version`);
  return { ...rotated, version };
}
