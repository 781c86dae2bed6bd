import type { AwsClients } from '../clients/aws-clients.js';
import { openDatabase } from '../database/open-database.js';
import { readResources } from './read-stack.js';
import type { StackRun, StackState } from './stack-tools.js';

/**
 * What CloudFormation could not delete because it is protected from that, in a creation that was rolled back, which no release
 * ever used, or in a deletion that is meant to take the data: a load balancer loses its protection and goes with the stack, a
 * database, which the stack would leave behind and its name with it, is deleted here. RDS keeps what it backed up of it.
 *
 * @returns physical ids of what was deleted
 */
export async function liftProtection(
  clients: AwsClients,
  { id, name }: StackState,
  run: StackRun,
  pollSeconds: number,
): Promise<readonly string[]> {
  const { signal: abortSignal, log } = run;
  const failed = (await readResources(clients, id, abortSignal)).filter(({ status }) => status === 'DELETE_FAILED');
  const deleted: string[] = [];
  for (const { type, logicalId, physicalId } of failed) {
    if (type === 'AWS::ElasticLoadBalancingV2::LoadBalancer') {
      log(`stack ${name}: ${logicalId} is no longer protected from deletion`);
      const loadBalancers = await clients.loadBalancers();
      await loadBalancers.modifyLoadBalancerAttributes(
        {
          LoadBalancerArn: physicalId,
          Attributes: [{ Key: 'deletion_protection.enabled', Value: 'false' }],
        },
        { abortSignal },
      );
    } else if (type === 'AWS::RDS::DBInstance') {
      log(`stack ${name}: deleting ${logicalId} (${physicalId}), which is protected`);
      await openDatabase(clients, pollSeconds).remove(physicalId, run);
      deleted.push(physicalId);
    }
  }
  return deleted;
}
