import { isDeepStrictEqual } from 'node:util';
import {
  generatedSecretName,
  postgresPasswordVariable,
  type StackKind,
  stackKinds,
  stackName,
} from '../../../stacks/gcp/naming.js';
import { generatedSecretsOf } from '../../../stacks/gcp/generated-secrets.js';
import type { AgentSpec } from '../../../stacks/spec/index.js';
import { join } from 'node:path';
import { AgentctlError } from '../../errors.js';
import type { ReleaseRecord } from '../../ledger/release-record.js';
import type { ResourceChange, StackChanges } from '../../plan/plan.js';
import type { PlanChanges, PlannedResource } from '../../tools/terraform/index.js';
import { foundationRequest } from './foundation-request.js';
import type { GcpFacts, GcpStageFacts } from './gcp-facts.js';
import type { StageTools } from './open-stage-tools.js';
import { newReleaseId, recordedRelease, servingRecord } from './recorded-release.js';
import { currentVersions } from './used-secrets.js';

export interface ConfigurationFactsOptions {
  readonly spec: AgentSpec;
  readonly stage: string;
  readonly facts: GcpStageFacts & Pick<GcpFacts, 'sources'>;
  readonly tools: StageTools;
  /** Addresses of resources with data that may be replaced or removed. */
  readonly allowReplace: readonly string[];
  readonly signal: AbortSignal;
  /** Something has to be made anew whatever the file says: a certificate that comes to its end. @default false */
  readonly isDue?: boolean;
}

/**
 * Compares what the spec makes with what is there, as far as it can be planned: migrations and services of a stage whose
 * foundation is not there yet cannot.
 *
 * @throws Refused: a resource that holds data would be replaced or removed
 */
export async function configurationFacts(
  options: ConfigurationFactsOptions,
): Promise<Pick<GcpFacts, 'isUnchanged' | 'changes' | 'drops'>> {
  const { facts, isDue = false } = options;
  const images = Object.fromEntries(
    Object.entries(facts.sources).flatMap(([source, { image }]) => (image === null ? [] : [[source, image]])),
  );
  const previous = servingRecord(facts);
  if (previous !== undefined && !isDue && isSameContent(previous, images, options)) {
    // The same file may make another configuration, by another version of agentctl, and what was applied may have been changed since.
    const compared = await comparedTo({ release: previous.id, images }, options, 'until-it-differs');
    if (compared.every(({ found }) => isEmpty(found))) return { isUnchanged: true, changes: [], drops: [] };
  }
  const compared = await comparedTo({ release: newReleaseId(facts), images }, options, 'all');
  assertDataStays(compared, options.allowReplace);
  const changes = compared.flatMap(({ kind, found }) =>
    shown(stackName(facts.scope, kind), found, facts.outputs[kind] === undefined),
  );
  const drops = compared.flatMap(({ kind, found }) => (found.removed.length > 0 ? [kind] : []));
  return { isUnchanged: false, changes, drops };
}

function isSameContent(
  previous: ReleaseRecord,
  images: Readonly<Record<string, string>>,
  { spec, stage, facts }: ConfigurationFactsOptions,
): boolean {
  const before = recordedRelease(previous).request;
  const versions = currentVersions({ spec, stage, release: previous.id }, facts);
  return isDeepStrictEqual(
    asJson({ spec, images, versions }),
    asJson({ spec: before.spec, images: before.images, versions: before.secretVersions }),
  );
}

interface Compared {
  readonly kind: StackKind;
  readonly found: PlanChanges;
}

/** What Terraform would do for a release, configuration by configuration. */
async function comparedTo(
  { release, images }: { readonly release: string; readonly images: Readonly<Record<string, string>> },
  { spec, stage, facts, tools, signal }: ConfigurationFactsOptions,
  how: 'all' | 'until-it-differs',
): Promise<readonly Compared[]> {
  const secretVersions = currentVersions({ spec, stage, release }, facts);
  const request = { spec, stage, release, images, secretVersions, protect: true };
  const foundation = foundationRequest(spec, facts, madeUpVersions(spec, facts, secretVersions));
  const compared: Compared[] = [];
  for (const kind of stackKinds) {
    if (kind !== 'foundation' && facts.outputs.foundation === undefined) continue;
    if (kind === 'migrations' && spec.migrations.length === 0) continue;
    const { directory } = await tools.synth.assembly(kind === 'foundation' ? foundation : request, signal);
    const configuration = join(directory, 'stacks', stackName(facts.scope, kind));
    // Which text it is does not matter to a plan: it is write-only.
    const needsPassword = kind === 'foundation' && spec.postgres?.kind === 'managed';
    const variables = needsPassword ? { variables: { [postgresPasswordVariable]: 'not-known-to-a-plan' } } : {};
    const stack = { name: kind, configuration, ...variables };
    const found = await tools.terraform.changes(stack, { signal, log: () => undefined });
    compared.push({ kind, found });
    if (how === 'until-it-differs' && !isEmpty(found)) break;
  }
  return compared;
}

/** Whether everything is as the configuration says; permissions that get wider are among the changes. */
function isEmpty({ created, changed, replaced, removed, forgotten, outputs }: PlanChanges): boolean {
  return [created, changed, replaced, removed, forgotten, outputs].every((list) => list.length === 0);
}

/** A record is what JSON has kept of it. */
function asJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

/** What the foundation asks for: the secrets that are made up before it. */
function madeUpVersions(
  spec: AgentSpec,
  { scope }: GcpStageFacts,
  versions: Readonly<Record<string, string>>,
): Record<string, string> {
  const madeUp = generatedSecretsOf(spec).filter(({ madeBy }) => madeBy === 'agentctl');
  return Object.fromEntries(
    madeUp.flatMap(({ part }) => {
      const name = generatedSecretName(scope, part);
      const version = versions[name];
      return version === undefined ? [] : [[name, version]];
    }),
  );
}

function shown(stack: string, found: PlanChanges, isNew: boolean): readonly StackChanges[] {
  const { iamWidening } = found;
  const sets = {
    created: found.created.map(changeOf),
    changed: found.changed.map(changeOf),
    replaced: found.replaced.map(changeOf),
    removed: found.removed.map(changeOf),
  };
  const isNothing = [...Object.values(sets), iamWidening].every((list) => list.length === 0);
  return isNothing ? [] : [{ stack, isNew, ...sets, iamWidening }];
}

function changeOf({ address, type, attributes }: PlannedResource): ResourceChange {
  return { logicalId: address, type, properties: attributes };
}

function assertDataStays(compared: readonly Compared[], allowReplace: readonly string[]): void {
  const lost = compared.flatMap(({ found }) => found.stateful.filter(({ address }) => !allowReplace.includes(address)));
  const [first] = lost;
  if (first === undefined) return;
  const lines = lost.map(({ address, attributes }) => {
    const why = attributes.length === 0 ? 'removed' : `replaced (${attributes.join(', ')} cannot be changed in place)`;
    return `  ${address} would be ${why}`;
  });
  throw new AgentctlError(
    'Refused',
    lost.length === 1
      ? `${first.address} holds data and would be replaced or removed`
      : `${lost.length} resources that hold data would be replaced or removed`,
    {
      fix: `take the change back; or, when the data may be lost and is backed up, pass ${lost.map(({ address }) => `--allow-replace ${address}`).join(' ')}`,
      detail: lines.join('\n'),
      data: { resources: lost },
    },
  );
}
