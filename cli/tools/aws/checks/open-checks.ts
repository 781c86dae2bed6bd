import { isAgentctlError } from '../../../errors.js';
import type { AwsClients } from '../clients/aws-clients.js';
import { awsErrorName } from '../clients/aws-failure.js';
import { allPages } from '../clients/pages.js';
import type { CheckTools, QuotaState } from './check-tools.js';

/** A quota by its code (Service Quotas console), and how what is used of it is counted. */
interface Quota {
  readonly name: string;
  readonly service: string;
  readonly code: string;
  readonly used?: (clients: AwsClients, signal: AbortSignal) => Promise<number>;
}

const quotas: readonly Quota[] = [
  { name: 'Fargate On-Demand vCPU', service: 'fargate', code: 'L-3032A538' },
  {
    name: 'Elastic IP addresses',
    service: 'ec2',
    code: 'L-0263D0A3',
    used: async (clients, abortSignal) =>
      (await (await clients.ec2()).describeAddresses({}, { abortSignal })).Addresses?.length ?? 0,
  },
  {
    name: 'VPCs',
    service: 'vpc',
    code: 'L-F678F1CE',
    used: async (clients, abortSignal) =>
      (await (await clients.ec2()).describeVpcs({}, { abortSignal })).Vpcs?.length ?? 0,
  },
  {
    name: 'RDS instances',
    service: 'rds',
    code: 'L-7B6409FD',
    used: async (clients, abortSignal) =>
      (await (await clients.rds()).describeDBInstances({}, { abortSignal })).DBInstances?.length ?? 0,
  },
];

/** Opens {@link CheckTools}. */
export function openChecks(clients: AwsClients): CheckTools {
  return {
    async quotas(signal) {
      const found = await Promise.all(quotas.map(async (quota) => await readQuota(clients, quota, signal)));
      return found.flatMap((quota) => quota ?? []);
    },
    async missingRoles(names, abortSignal) {
      const iam = await clients.iam();
      const missing = await Promise.all(
        names.map(async (RoleName) => {
          try {
            await iam.getRole({ RoleName }, { abortSignal });
            return [];
          } catch (error) {
            if (['NoSuchEntity', 'NoSuchEntityException'].includes(awsErrorName(error) ?? '')) return [RoleName];
            throw error;
          }
        }),
      );
      return missing.flat();
    },
    async firingAlarms(prefix, abortSignal) {
      const cloudWatch = await clients.cloudWatch();
      const alarms = await allPages(async (NextToken) => {
        const page = await cloudWatch.describeAlarms(
          { AlarmNamePrefix: prefix, StateValue: 'ALARM', AlarmTypes: ['MetricAlarm', 'CompositeAlarm'], NextToken },
          { abortSignal },
        );
        return { items: [...(page.MetricAlarms ?? []), ...(page.CompositeAlarms ?? [])], next: page.NextToken };
      });
      return alarms.flatMap(({ AlarmName }) => AlarmName ?? []).toSorted();
    },
  };
}

/** A look that is not allowed, or that a region does not have, is no reason to stop a doctor. */
async function readQuota(clients: AwsClients, quota: Quota, signal: AbortSignal): Promise<QuotaState | undefined> {
  try {
    const limit = await limitOf(clients, quota, signal);
    if (limit === undefined) return undefined;
    return { name: quota.name, limit, used: (await quota.used?.(clients, signal)) ?? null };
  } catch (error) {
    if (isAgentctlError(error) && error.code !== 'ToolMissing') return undefined;
    throw error;
  }
}

/** What applies to the account; the default where nobody has asked for more. */
async function limitOf(
  clients: AwsClients,
  { service: ServiceCode, code: QuotaCode }: Quota,
  abortSignal: AbortSignal,
): Promise<number | undefined> {
  const service = await clients.quotas();
  try {
    return (await service.getServiceQuota({ ServiceCode, QuotaCode }, { abortSignal })).Quota?.Value;
  } catch (error) {
    if (awsErrorName(error) !== 'NoSuchResourceException') throw error;
    return (await service.getAWSDefaultServiceQuota({ ServiceCode, QuotaCode }, { abortSignal })).Quota?.Value;
  }
}
