import type { Capability, Parameter, Tag } from '@aws-sdk/client-cloudformation';
import type { FakeWorld } from '../../fake-world.js';
import { findResourceType } from '../../resources/find-resource-type.js';
import { ServiceError } from '../../service-error.js';
import { parametersOf } from './parameters.js';
import type { StackInput } from './stack.js';
import { parseTemplate, type Template } from './template.js';
import { templateAt } from './template-url.js';

/** What CreateStack, UpdateStack and CreateChangeSet have in common. */
export interface Submission {
  readonly TemplateBody?: string | undefined;
  readonly TemplateURL?: string | undefined;
  readonly UsePreviousTemplate?: boolean | undefined;
  readonly Parameters?: Parameter[] | undefined;
  readonly Tags?: Tag[] | undefined;
  readonly Capabilities?: Capability[] | undefined;
}

/** Bytes (CloudFormation user guide, "Understand CloudFormation quotas"). */
const longestBody = 51_200;

/** Checks a submission and makes a stack's input out of it. */
export function submittedInput(world: FakeWorld, submission: Submission, before: StackInput | undefined): StackInput {
  const body = submission.UsePreviousTemplate === true ? before?.body : bodyOf(world, submission);
  if (body === undefined)
    throw new ServiceError('ValidationError', 'Either Template URL or Template Body must be specified.');
  const template = parseTemplate(body);
  checkTypes(template);
  checkCapabilities(template, submission.Capabilities ?? []);
  return {
    template,
    body,
    parameters: parametersOf(template, submission.Parameters ?? [], before?.parameters),
    tags: submission.Tags ?? before?.tags ?? [],
    capabilities: submission.Capabilities ?? [],
  };
}

/** The text of a template, inline or in the fake S3. */
export function bodyOf(world: FakeWorld, { TemplateBody, TemplateURL }: Submission): string | undefined {
  if (TemplateURL !== undefined) return templateAt(world, TemplateURL);
  if (TemplateBody !== undefined && Buffer.byteLength(TemplateBody) > longestBody) {
    throw new ServiceError(
      'ValidationError',
      `1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to ${longestBody}`,
    );
  }
  return TemplateBody;
}

/** Capabilities that a template asks for. */
export function neededCapabilities(template: Template): Capability[] {
  const iam = Object.values(template.Resources).filter(({ Type }) => Type.startsWith('AWS::IAM::'));
  if (iam.length === 0) return [];
  const isNamed = iam.some(({ Properties: { RoleName, ManagedPolicyName, UserName, GroupName } }) =>
    [RoleName, ManagedPolicyName, UserName, GroupName].some((name) => name !== undefined),
  );
  return [isNamed ? 'CAPABILITY_NAMED_IAM' : 'CAPABILITY_IAM'];
}

function checkCapabilities(template: Template, given: readonly Capability[]): void {
  const missing = neededCapabilities(template).filter(
    (needed) => !given.includes(needed) && !given.includes('CAPABILITY_NAMED_IAM'),
  );
  if (missing.length === 0) return;
  throw new ServiceError('InsufficientCapabilitiesException', `Requires capabilities : [${missing.join(', ')}]`);
}

/** A type that the fake does not have would be a resource that nobody made. */
function checkTypes(template: Template): void {
  const unknown = Object.values(template.Resources).filter(({ Type }) => findResourceType(Type) === undefined);
  if (unknown.length === 0) return;
  const types = [...new Set(unknown.map(({ Type }) => Type))];
  throw new ServiceError(
    'ValidationError',
    `Template format error: Unrecognized resource types: [${types.join(', ')}]`,
  );
}
