import type { TerraformElement } from 'cdktf';
import type { Construct } from 'constructs';
import { constructError } from '../checks/construct-error.js';

/**
 * Gives a resource that holds data a name of its own in the state. CDKTF computes names from the path of the construct, so
 * that moving it to another place in the code would replace the database.
 *
 * @param logicalId default: the id of the construct without what such a name may not have
 */
export function fixLogicalId(scope: Construct, resource: TerraformElement, logicalId: string | undefined): void {
  const id = logicalId ?? scope.node.id.replaceAll(/[^A-Za-z0-9]/g, '');
  if (!/^[A-Za-z][A-Za-z0-9_]{0,254}$/.test(id))
    throw constructError(scope, `logicalId "${id}" is not a letter and up to 254 letters, digits and underscores`);
  resource.overrideLogicalId(id);
}
