import { isDeepStrictEqual } from 'node:util';
import { type StackKind, stackKinds, stackName } from '../../../stacks/aws/naming.js';
import type { AgentSpec } from '../../../stacks/spec/index.js';
import { AgentctlError } from '../../errors.js';
import type { StackChanges } from '../../plan/plan.js';
import type { StageRequest } from '../../steps/aws/stage-request.js';
import type { TemplateChanges } from '../../tools/aws/stacks/stack-tools.js';
import { dropsParts } from '../../tools/synth/index.js';
import type { AwsFacts, AwsStageFacts } from './aws-facts.js';
import type { StageTools } from './open-stage-tools.js';
import { recordedRequest } from './recorded-release.js';
import { newReleaseId, servingRecord } from './serving-release.js';
import { assertTrafficStays } from './shifted-traffic.js';
import { currentMarker } from './used-secrets.js';

export interface TemplateFactsOptions {
  readonly spec: AgentSpec;
  readonly stage: string;
  readonly facts: AwsStageFacts & Pick<AwsFacts, 'sources'>;
  readonly tools: StageTools;
  /** Logical ids of resources with data that may be replaced or removed. */
  readonly allowReplace: readonly string[];
  readonly signal: AbortSignal;
}

/**
 * Compares what the spec makes with what is deployed.
 *
 * @throws Refused: a resource that holds data would be replaced or removed, or traffic sent to where no task is
 */
export async function templateFacts(
  options: TemplateFactsOptions,
): Promise<Pick<AwsFacts, 'isUnchanged' | 'changes' | 'dropsParts'>> {
  const { spec, stage, facts, tools, signal } = options;
  const deployed = await deployedTemplates(options);
  const images = Object.fromEntries(
    Object.entries(facts.sources).flatMap(([source, { image }]) => (image === null ? [] : [[source, image]])),
  );
  const isComplete = Object.keys(images).length === Object.keys(facts.sources).length;
  const previous = servingRecord(facts);
  if (previous !== undefined && isComplete) {
    const same = { spec, stage, release: previous.id, images };
    const request = { ...same, secretsMarker: currentMarker(same, facts) };
    const before = recordedRequest(previous);
    const isSame = request.secretsMarker === before.secretsMarker && isDeepStrictEqual(images, before.images);
    if (isSame && (await isDeployed(request, deployed, options)))
      return { isUnchanged: true, changes: [], dropsParts: false };
  }
  const release = newReleaseId(facts);
  // What the marker will be is known when the composed secrets are; it is a label of every task definition.
  const request = { spec, stage, release, images, secretsMarker: currentMarker({ spec, stage, release }, facts) };
  const assembly = await tools.synth.assembly(request, signal);
  const all = await Promise.all(
    stackKinds.map(async (kind) => {
      const stack = stackName(facts.scope, kind);
      return await changesOf(stack, deployed[kind], await assembly.template(stack), tools);
    }),
  );
  const compared = all.filter((one) => one !== undefined);
  assertDataStays(compared, options.allowReplace);
  const service = compared.find(({ shown }) => shown.stack === stackName(facts.scope, 'service'));
  if (service !== undefined) {
    const { found, shown } = service;
    await assertTrafficStays({ stack: shown.stack, before: deployed.service, changes: found, aws: tools.aws, signal });
  }
  const foundation = await assembly.template(stackName(facts.scope, 'foundation'));
  return {
    isUnchanged: false,
    changes: compared.map(({ shown }) => shown),
    dropsParts: deployed.foundation !== undefined && dropsParts(deployed.foundation, foundation),
  };
}

type Templates = Readonly<Partial<Record<StackKind, unknown>>>;

async function deployedTemplates({ facts, tools, signal }: TemplateFactsOptions): Promise<Templates> {
  const found = stackKinds
    .filter((kind) => facts.stacks[kind] !== undefined)
    .map(async (kind) => [kind, await tools.aws.stacks.template(stackName(facts.scope, kind), signal)] as const);
  return Object.fromEntries(await Promise.all(found));
}

async function isDeployed(
  request: StageRequest,
  deployed: Templates,
  { facts, tools, signal }: TemplateFactsOptions,
): Promise<boolean> {
  const assembly = await tools.synth.assembly(request, signal);
  for (const kind of stackKinds) {
    const template = await assembly.template(stackName(facts.scope, kind));
    if (!isDeepStrictEqual(template, deployed[kind])) return false;
    const { status } = facts.stacks[kind] ?? {};
    // A stack that went back, or that could not, may be another than its template says.
    if (status !== undefined && !['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE'].includes(status)) {
      return false;
    }
  }
  return true;
}

interface Compared {
  readonly found: TemplateChanges;
  readonly shown: StackChanges;
}

async function changesOf(
  stack: string,
  before: unknown,
  after: unknown,
  tools: StageTools,
): Promise<Compared | undefined> {
  if (after === undefined) return undefined;
  const found = await tools.aws.stacks.changes(before, after);
  const { created, changed, replaced, removed, iamWidening } = found;
  const sets = { created, changed, replaced, removed };
  const isEmpty = [...Object.values(sets), iamWidening].every((list) => list.length === 0);
  return isEmpty ? undefined : { found, shown: { stack, isNew: before === undefined, ...sets, iamWidening } };
}

function assertDataStays(compared: readonly Compared[], allowReplace: readonly string[]): void {
  const lost = compared.flatMap(({ found, shown }) =>
    found.stateful
      .filter(({ logicalId }) => !allowReplace.includes(logicalId))
      .map((resource) => ({
        ...resource,
        stack: shown.stack,
        isRemoved: found.removed.some((one) => one.logicalId === resource.logicalId),
      })),
  );
  const [first] = lost;
  if (first === undefined) return;
  const lines = lost.map(({ stack, logicalId, type, properties, isRemoved }) => {
    const why = properties.length === 0 ? '' : ` (${properties.join(', ')} cannot be changed in place)`;
    return `  ${stack}: ${logicalId}, ${type}, would be ${isRemoved ? 'removed' : `replaced${why}`}`;
  });
  const flags = lost.map(({ logicalId }) => `--allow-replace ${logicalId}`).join(' ');
  throw new AgentctlError(
    'Refused',
    lost.length === 1
      ? `${first.logicalId} holds data and would be ${first.isRemoved ? 'removed' : 'replaced'}`
      : `${lost.length} resources that hold data would be replaced or removed`,
    {
      fix: `take the change back; or, when the data may be lost and is backed up, pass ${flags}`,
      detail: lines.join('\n'),
      data: { resources: lost },
    },
  );
}
