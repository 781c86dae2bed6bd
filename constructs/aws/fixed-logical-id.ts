import type { CfnResource } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { constructError } from './construct-error.js';

/**
 * Gives a resource that holds data a logical id of its own. CDK computes ids from the path of the construct, so that moving
 * it to another place in the code would replace the database.
 *
 * @param logicalId default: the id of the construct without what a logical id may not have
 */
export function fixLogicalId(scope: Construct, resource: CfnResource, logicalId: string | undefined): void {
  const id = logicalId ?? scope.node.id.replaceAll(/[^A-Za-z0-9]/g, '');
  if (!/^[A-Za-z0-9]{1,255}$/.test(id))
    throw constructError(scope, `logicalId "${id}" is not 1 to 255 letters and digits`);
  resource.overrideLogicalId(id);
}
