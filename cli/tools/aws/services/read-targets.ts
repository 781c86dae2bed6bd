import type { AwsClients } from '../clients/aws-clients.js';
import { awsErrorName } from '../clients/aws-failure.js';
import type { TargetHealth } from './service-tools.js';

/** What a load balancer thinks of the tasks behind it; none without the group. */
export async function readTargets(
  clients: AwsClients,
  targetGroup: string,
  abortSignal: AbortSignal,
): Promise<readonly TargetHealth[]> {
  const loadBalancers = await clients.loadBalancers();
  try {
    const { TargetHealthDescriptions: targets = [] } = await loadBalancers.describeTargetHealth(
      { TargetGroupArn: targetGroup },
      { abortSignal },
    );
    return targets.map(({ Target, TargetHealth }) => ({
      id: Target?.Id ?? '',
      port: Target?.Port ?? null,
      state: TargetHealth?.State ?? 'unknown',
      reason: TargetHealth?.Reason ?? null,
      description: TargetHealth?.Description ?? null,
    }));
  } catch (error) {
    if (['TargetGroupNotFound', 'TargetGroupNotFoundException'].includes(awsErrorName(error) ?? '')) return [];
    throw error;
  }
}
