import { CfnResource } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';

/**
 * Changes a CloudFormation resource of a construct: the way to settings that it has no prop for.
 *
 * ```ts
 * transform: (resource) => {
 *   if (resource instanceof CfnDBInstance) resource.storageThroughput = 500;
 * }
 * ```
 */
export type Transform = (resource: CfnResource) => void;

/** Calls a transform with each CloudFormation resource below a construct; the last line of its constructor. */
export function applyTransform(scope: IConstruct, transform: Transform | undefined): void {
  if (transform === undefined) return;
  for (const node of scope.node.findAll()) if (CfnResource.isCfnResource(node)) transform(node);
}
