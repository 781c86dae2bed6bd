import type { FakeWorld } from './fake-world.js';

/** Properties as CloudFormation hands them over: intrinsics and dynamic references are resolved. */
export type Properties = Readonly<Record<string, unknown>>;

/** What a resource type may know beside its properties. */
export interface ResourceContext {
  readonly world: FakeWorld;
  readonly stackName: string;
  readonly stackId: string;
  readonly logicalId: string;
  /** Tags of the stack. */
  readonly tags: readonly { readonly Key: string; readonly Value: string }[];
  /** Aborted when the update is cancelled: what waits, as a rollout, then ends with an error. */
  readonly signal: AbortSignal;
  /** A name as CloudFormation makes them: `<stack>-<logical id>-<random>`, cut to a length. */
  readonly newName: (maxLength?: number) => string;
}

/** A resource that exists. */
export interface CreatedResource {
  /** What `Ref` gives. */
  readonly physicalId: string;
  /** What `Fn::GetAtt` gives, by its name in the template: `Endpoint.Address`. */
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** A CloudFormation resource type with behaviour. What it throws is the reason of `CREATE_FAILED` and the like. */
export interface ResourceType {
  /** `AWS::ECS::Service` */
  readonly type: string;
  /**
   * Properties whose change replaces the resource.
   * @default those that the CloudFormation registry's schema of the type says
   */
  readonly createOnly?: readonly string[];
  /**
   * Properties that it cannot be without.
   * @default those that the CloudFormation registry's schema of the type says
   */
  readonly required?: readonly string[];
  readonly create: (properties: Properties, context: ResourceContext) => Promise<CreatedResource>;
  /** Never asked to change what is create-only. `previous` is what it was created or updated with last. */
  readonly update: (
    resource: CreatedResource,
    properties: Properties,
    previous: Properties,
    context: ResourceContext,
  ) => Promise<CreatedResource>;
  /** Deleting what is gone is no error. */
  readonly delete: (resource: CreatedResource, properties: Properties, context: ResourceContext) => Promise<void>;
}

/** What `create` throws when something was made and did not become ready: a rollback deletes it. */
export class ResourceFailure extends Error {
  readonly created: CreatedResource;

  constructor(message: string, created: CreatedResource) {
    super(message);
    this.name = 'ResourceFailure';
    this.created = created;
  }
}
