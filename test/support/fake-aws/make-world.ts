import { makeCloudWorld, type OwnedWorld } from '../cloud/make-cloud-world.js';
import type { FakeWorld } from './fake-world.js';

const globalServices = ['iam', 's3'];

export async function makeWorld(url: string, accountId: string, region: string): Promise<OwnedWorld<FakeWorld>> {
  return await makeCloudWorld('fake-aws', url, {
    accountId,
    region,
    arn: (service: string, resource: string) =>
      service === 's3'
        ? `arn:aws:s3:::${resource}`
        : `arn:aws:${service}:${globalServices.includes(service) ? '' : region}:${accountId}:${resource}`,
  });
}
