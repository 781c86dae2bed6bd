import { TerraformResource } from 'cdktf';
import type { IConstruct } from 'constructs';

/**
 * Changes a Terraform resource of a construct: the way to settings that it has no prop for.
 *
 * ```ts
 * transform: (resource) => {
 *   if (resource instanceof SqlDatabaseInstance) resource.addOverride('settings.time_zone', 'UTC');
 * }
 * ```
 */
export type Transform = (resource: TerraformResource) => void;

/** Calls a transform with each Terraform resource below a construct; the last line of its constructor. */
export function applyTransform(scope: IConstruct, transform: Transform | undefined): void {
  if (transform === undefined) return;
  for (const node of scope.node.findAll()) if (TerraformResource.isTerraformResource(node)) transform(node);
}
