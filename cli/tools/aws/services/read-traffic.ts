import type { AwsClients } from '../clients/aws-clients.js';

/** How a rule of a load balancer shares its traffic out: weights by target group. */
export async function readTraffic(
  clients: AwsClients,
  rule: string,
  abortSignal: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  const loadBalancers = await clients.loadBalancers();
  const { Rules: [found] = [] } = await loadBalancers.describeRules({ RuleArns: [rule] }, { abortSignal });
  const groups = (found?.Actions ?? []).flatMap(({ ForwardConfig }) => ForwardConfig?.TargetGroups ?? []);
  return new Map(groups.map(({ TargetGroupArn = '', Weight = 1 }) => [TargetGroupArn, Weight]));
}
