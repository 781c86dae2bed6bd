import * as z from 'zod';
import type { Gcloud } from '../gcloud/gcloud.js';
import type { RegionScope } from '../gcloud/region-scope.js';
import { redisCommands } from './redis-commands.js';
import type { RedisTools } from './redis-tools.js';

const answer = z.object({ authString: z.string().min(1) });

/** Opens {@link RedisTools}. */
export function openRedis(
  gcloud: Gcloud,
  { region }: RegionScope,
  mask: (values: readonly string[]) => void,
): RedisTools {
  return {
    async password(instance, signal) {
      // Outputs name it in full: `projects/…/locations/…/instances/x`.
      const name = instance.slice(instance.lastIndexOf('/') + 1);
      const { authString } = await gcloud.json(redisCommands.password(name, region), answer, { signal });
      mask([authString]);
      return authString;
    },
  };
}
