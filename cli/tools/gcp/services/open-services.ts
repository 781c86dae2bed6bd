import * as z from 'zod';
import { unlessMissing } from '../gcloud/unless-missing.js';
import type { Gcloud } from '../gcloud/gcloud.js';
import type { RegionScope } from '../gcloud/region-scope.js';
import { revisionAnswer, serviceAnswer } from './service-answers.js';
import { serviceCommands } from './service-commands.js';
import type { ServiceTools } from './service-tools.js';
import type { WorkerPoolRest } from './worker-pool-rest.js';

/** Opens {@link ServiceTools}. */
export function openServices(gcloud: Gcloud, { region }: RegionScope, workerPools: WorkerPoolRest): ServiceTools {
  const state: ServiceTools['state'] = async (kind, name, signal) =>
    await unlessMissing(
      async () => await gcloud.json(serviceCommands.describe(kind, name, region), serviceAnswer, { signal }),
    );
  return {
    state,
    revision: async (kind, name, signal) =>
      await unlessMissing(
        async () => await gcloud.json(serviceCommands.revision(kind, name, region), revisionAnswer, { signal }),
      ),
    async revisions(service, signal) {
      const found = await gcloud.json(serviceCommands.revisions(service, region), z.array(revisionAnswer), { signal });
      return found.toSorted((a, b) => (b.createdAt ?? '').localeCompare(a.createdAt ?? '', 'en'));
    },
    async moveTraffic({ kind, name, to, signal }) {
      if (kind === 'worker') return await workerPools.moveInstances(name, to, signal);
      await gcloud.act(serviceCommands.moveTraffic(name, to, region), { signal });
    },
    async remove(kind, name, signal) {
      if (kind === 'worker') return await workerPools.remove(name, signal);
      await unlessMissing(async () => await gcloud.act(serviceCommands.remove(name, region), { signal }));
    },
    async setTag(service, tag, revision, signal) {
      const now = (await state('service', service, signal))?.traffic.find((one) => one.tag === tag)?.revision ?? null;
      if (now === revision) return;
      const words =
        revision === null
          ? serviceCommands.removeTag(service, tag, region)
          : serviceCommands.setTag(service, tag, revision, region);
      await gcloud.act(words, { signal });
    },
  };
}
