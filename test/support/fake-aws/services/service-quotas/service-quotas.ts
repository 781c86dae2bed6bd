import * as client from '@aws-sdk/client-service-quotas';
import type { FakeService } from '../../fake-service.js';
import { ServiceError } from '../../service-error.js';
import { quotaStore } from './quota-store.js';

/** Limits that are told and not enforced. */
export const serviceQuotas: FakeService = {
  name: 'servicequotas',
  protocol: 'json',
  client,
  operations: (world) => {
    const { defaults, applied } = world.state(quotaStore);
    const answer = (code = '', value: number | undefined): { Quota: client.ServiceQuota } => {
      if (value === undefined)
        throw new ServiceError('NoSuchResourceException', 'The specified resource does not exist.');
      return { Quota: { QuotaCode: code, Value: value, Adjustable: true } };
    };
    return {
      GetServiceQuota: ({ QuotaCode }: client.GetServiceQuotaCommandInput) =>
        answer(QuotaCode, applied.get(QuotaCode ?? '')),
      GetAWSDefaultServiceQuota: ({ QuotaCode }: client.GetAWSDefaultServiceQuotaCommandInput) =>
        answer(QuotaCode, defaults.get(QuotaCode ?? '')),
    };
  },
};
