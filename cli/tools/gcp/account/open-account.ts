import * as z from 'zod';
import type { Gcloud } from '../gcloud/gcloud.js';
import type { RegionScope } from '../gcloud/region-scope.js';
import { accountCommands } from './account-commands.js';
import type { AccountTools, GcpIdentity } from './account-tools.js';

const accounts = z.array(z.object({ account: z.string() }));
const projectAnswer = z.object({
  projectId: z.string(),
  projectNumber: z.union([z.string(), z.number()]).transform(String),
});

/** Opens {@link AccountTools}. */
export function openAccount(gcloud: Gcloud, { project, region }: RegionScope): AccountTools {
  let known: Promise<GcpIdentity> | undefined;
  const ask = async (signal: AbortSignal): Promise<GcpIdentity> => {
    const [active, { projectNumber }] = await Promise.all([
      gcloud.json(accountCommands.accounts(), accounts, { signal, isGlobal: true }),
      gcloud.json(accountCommands.project(project), projectAnswer, { signal, isGlobal: true }),
    ]);
    return { project, projectNumber, account: active[0]?.account ?? null, region };
  };
  return {
    async identity(signal) {
      known ??= ask(signal);
      return await known.catch((error: unknown) => {
        known = undefined;
        throw error;
      });
    },
  };
}
