import { AgentctlError } from '../../errors.js';
import type { AwsTools } from '../../tools/aws/aws-tools.js';
import type { TemplateChanges } from '../../tools/aws/stacks/stack-tools.js';

export interface ShiftedTrafficOptions {
  readonly stack: string;
  /** The template that the stack was deployed with. */
  readonly before: unknown;
  readonly changes: TemplateChanges;
  readonly aws: Pick<AwsTools, 'stacks' | 'services'>;
  readonly signal: AbortSignal;
}

/**
 * A rule that ECS moves traffic with has other weights than its template after every second rollout. CloudFormation knows
 * nothing of that: it sets them to what the template says as soon as anything about the rule changes, or another rule takes
 * its place, and sends all traffic to the target group in which no task is (aws/aws-cdk#36649).
 *
 * @throws Refused: a rule would be changed whose traffic is not where the template begins
 */
export async function assertTrafficStays(options: ShiftedTrafficOptions): Promise<void> {
  const { stack, before, changes, aws, signal } = options;
  const gone = new Set(changes.removed.map(({ logicalId }) => logicalId));
  const changed = [...changes.changed, ...changes.replaced, ...changes.removed].flatMap(({ logicalId }) => {
    const weights = weightsOf(before, logicalId);
    // With its target groups goes the service as well, and nothing is sent anywhere.
    const isOver = weights.every(({ targetGroup }) => gone.has(targetGroup));
    return weights.length < 2 || isOver ? [] : [{ logicalId, weights }];
  });
  if (changed.length === 0) return;
  const resources = await aws.stacks.resources(stack, signal);
  const idOf = (logicalId: string): string =>
    resources.find((resource) => resource.logicalId === logicalId)?.physicalId ?? '';
  for (const { logicalId, weights } of changed) {
    const live = await aws.services.traffic(idOf(logicalId), signal);
    if (weights.every(({ targetGroup, weight }) => (live.get(idOf(targetGroup)) ?? weight) === weight)) continue;
    throw new AgentctlError(
      'Refused',
      `${logicalId} would send all traffic to where no task is: ECS has moved it since, and CloudFormation does not know`,
      {
        fix: 'take the change of routes, domain or clouds.aws.rollout.strategy back and deploy another release first, which moves the traffic back; then change it',
        data: { stack, logicalId },
      },
    );
  }
}

interface TemplateWeight {
  /** Logical id. */
  readonly targetGroup: string;
  readonly weight: number;
}

/** The weights that a rule of a template forwards with; none for what is no such rule. */
function weightsOf(template: unknown, logicalId: string): readonly TemplateWeight[] {
  const resource = at(template, 'Resources', logicalId);
  if (at(resource, 'Type') !== 'AWS::ElasticLoadBalancingV2::ListenerRule') return [];
  const groups = at(resource, 'Properties', 'Actions', '0', 'ForwardConfig', 'TargetGroups');
  if (!Array.isArray(groups)) return [];
  return groups.flatMap((group: unknown) => {
    const [targetGroup, weight] = [at(group, 'TargetGroupArn', 'Ref'), at(group, 'Weight')];
    return typeof targetGroup === 'string' && typeof weight === 'number' ? [{ targetGroup, weight }] : [];
  });
}

function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, name) =>
      typeof inner === 'object' && inner !== null
        ? Object.entries(inner).find(([key]) => key === name)?.[1]
        : undefined,
    value,
  );
}
