import {
  type AgentNetwork,
  type ContainerProps,
  literalText,
  WorkloadIdentity,
} from '../../../constructs/gcp/index.js';
import { imageOf, imageSourceOf, parseTemplate, type PlacedWorkload } from '../../spec/index.js';
import type { AgentStack } from '../agent-stack.js';
import { environmentOn } from '../environment.js';
import type { FoundationOutputsReader } from '../foundation-outputs-reader.js';
import { accountId, pascalCase, repositoryName } from '../naming.js';
import { foundationOutputsSchema, type FoundationOutput } from '../outputs.js';
import { instanceSize } from '../sizes.js';
import type { StageContext } from '../stage-context.js';
import { unknownDigest } from '../synth-request.js';
import { grantApplication } from './application-grants.js';

/** What the containers of a stack are made from. */
export interface WorkloadParts {
  readonly stack: AgentStack;
  readonly context: StageContext;
  readonly foundation: FoundationOutputsReader;
  readonly network: AgentNetwork;
}

/** The container of a service, schedule or migration. */
export function workloadContainer(parts: WorkloadParts, workload: PlacedWorkload): ContainerProps {
  const { stack, context, network } = parts;
  const { project, region } = context.gcp;
  const identity = new WorkloadIdentity(stack, `Identity${pascalCase(workload.name)}`, {
    project,
    accountId: accountId(context.scope, workload.name),
    displayName: `${context.scope.name}, ${context.stage}: ${workload.name}`,
  });
  grantApplication(identity, parts);
  return {
    region,
    network,
    identity,
    image: workloadImage(context, workload),
    ...(workload.command === undefined ? {} : { command: workload.command.map((item) => argument(item, workload)) }),
    environment: variablesOf(parts, workload),
    ...instanceSize(workload.size),
  };
}

/** By digest: what the registry said, or zeros for an image that was not built yet. */
export function workloadImage({ spec, gcp, scope, images }: StageContext, workload: PlacedWorkload): string {
  const image = imageOf(spec, workload);
  if (image.kind === 'ref') return image.ref;
  const built = images[imageSourceOf(spec, workload)];
  return built ?? `${gcp.region}-docker.pkg.dev/${gcp.project}/${repositoryName(scope)}/image@${unknownDigest}`;
}

/** Plain texts with the outputs of the foundation in place, and secrets by name and version. */
function variablesOf({ context, foundation }: WorkloadParts, workload: PlacedWorkload): ContainerProps['environment'] {
  return Object.fromEntries(
    Object.entries(environmentOn(context, workload)).map(([variable, entry]) => {
      if (entry.kind !== 'plain') return [variable, { secret: entry.name, version: context.versionOf(entry.name) }];
      return [variable, filledIn(entry.text, (reference) => foundation.get(outputOf(reference)))];
    }),
  );
}

function outputOf(reference: string): FoundationOutput {
  const name = reference.slice('output.'.length);
  if (isFoundationOutput(name)) return name;
  throw new Error(`the foundation has no output ${name}`);
}

function isFoundationOutput(name: string): name is FoundationOutput {
  return Object.hasOwn(foundationOutputsSchema.shape, name);
}

/** `${port}` is the one reference that a command may hold. */
function argument(item: string, { port }: PlacedWorkload): string {
  return filledIn(item, (reference) => {
    if (reference === 'port' && port !== undefined) return port.toString();
    throw new Error(`nothing to put in place of \${${reference}}`);
  });
}

/** What is put in place may be a reference of Terraform; the text around it is not, whatever it looks like. */
function filledIn(template: string, valueOf: (reference: string) => string): string {
  return parseTemplate(template)
    .map((part) => (part.kind === 'text' ? literalText(part.text) : valueOf(part.reference)))
    .join('');
}
