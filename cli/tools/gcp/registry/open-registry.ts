import * as z from 'zod';
import type { AccessTokens } from '../gcloud/access-token.js';
import { unlessMissing } from '../gcloud/unless-missing.js';
import type { Gcloud } from '../gcloud/gcloud.js';
import type { RegionScope } from '../gcloud/region-scope.js';
import { registryCommands } from './registry-commands.js';
import type { RegistryTools } from './registry-tools.js';

/** Artifact Registry, "Authenticate to Artifact Registry for Docker", access token. */
const tokenUser = 'oauth2accesstoken';

const repositoryAnswer = z.object({ name: z.string(), registryUri: z.string().optional() });
const imageAnswer = z.object({
  version: z.string(),
  tags: z
    .union([z.array(z.string()), z.string().transform((text) => text.split(',').filter((tag) => tag !== ''))])
    .default([]),
  uploadTime: z.string().optional(),
});

/** Opens {@link RegistryTools}. */
export function openRegistry(gcloud: Gcloud, tokens: AccessTokens, { project, region }: RegionScope): RegistryTools {
  const registry = `${region}-docker.pkg.dev`;
  return {
    login: async (signal) => ({ registry, username: tokenUser, password: await tokens.current(signal) }),
    async repository(name, signal) {
      const found = await unlessMissing(
        async () => await gcloud.json(registryCommands.repository(name, region), repositoryAnswer, { signal }),
      );
      return found === undefined ? undefined : (found.registryUri ?? `${registry}/${project}/${name}`);
    },
    async images(repositoryUri, signal) {
      const found = await unlessMissing(
        async () => await gcloud.json(registryCommands.images(repositoryUri), z.array(imageAnswer), { signal }),
      );
      return (found ?? []).map(({ version, tags, uploadTime }) => ({
        digest: version,
        tags,
        pushedAt: uploadTime ?? null,
      }));
    },
  };
}
