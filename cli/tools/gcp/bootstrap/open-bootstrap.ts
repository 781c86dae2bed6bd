import * as z from 'zod';
import type { Gcloud } from '../gcloud/gcloud.js';
import { unlessMissing } from '../gcloud/unless-missing.js';
import { bootstrapCommands } from './bootstrap-commands.js';
import type { BootstrapTools } from './bootstrap-tools.js';

/** `Bucket` of the JSON API, which gcloud prints with `--raw`. */
const bucketAnswer = z.object({
  location: z.string().default(''),
  versioning: z.object({ enabled: z.boolean().default(false) }).prefault({}),
  iamConfiguration: z
    .object({
      publicAccessPrevention: z.string().default('inherited'),
      uniformBucketLevelAccess: z.object({ enabled: z.boolean().default(false) }).prefault({}),
    })
    .prefault({}),
  softDeletePolicy: z
    .object({ retentionDurationSeconds: z.union([z.string(), z.number()]).transform(Number).default(0) })
    .prefault({}),
});

const serviceAnswer = z.object({ config: z.object({ name: z.string() }) });

/** Opens {@link BootstrapTools}. */
export function openBootstrap(gcloud: Gcloud): BootstrapTools {
  return {
    async bucket(name, signal) {
      const found = await unlessMissing(
        async () => await gcloud.json(bootstrapCommands.bucket(name), bucketAnswer, { signal }),
      );
      if (found === undefined) return null;
      const { iamConfiguration, versioning, softDeletePolicy, location } = found;
      return {
        isVersioned: versioning.enabled,
        isUniform: iamConfiguration.uniformBucketLevelAccess.enabled,
        isPrivate: iamConfiguration.publicAccessPrevention === 'enforced',
        keepsDeleted: softDeletePolicy.retentionDurationSeconds > 0,
        location: location.toLowerCase(),
      };
    },
    async enabledServices(signal) {
      const found = await gcloud.json(bootstrapCommands.enabled(), z.array(serviceAnswer), { signal });
      return new Set(found.map(({ config }) => config.name.replace(/\.googleapis\.com$/, '')));
    },
    async enableServices(names, signal) {
      if (names.length > 0) await gcloud.act(bootstrapCommands.enable(names), { signal });
    },
    async createBucket(name, region, signal) {
      await gcloud.act(bootstrapCommands.create(name, region), { signal });
      // Versions cannot be asked for when a bucket is made.
      await gcloud.act(bootstrapCommands.secure(name), { signal });
    },
    async secureBucket(name, signal) {
      await gcloud.act(bootstrapCommands.secure(name), { signal });
    },
  };
}
