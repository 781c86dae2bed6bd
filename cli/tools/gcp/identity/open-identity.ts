import * as z from 'zod';
import type { Gcloud } from '../gcloud/gcloud.js';
import { unlessMissing } from '../gcloud/unless-missing.js';
import { identityCommands } from './identity-commands.js';
import type { IdentityTools } from './identity-tools.js';

const poolAnswer = z
  .object({ state: z.string().default('ACTIVE') })
  .transform(({ state }) => ({ isDeleted: state === 'DELETED' }));

const providerAnswer = z
  .object({
    state: z.string().default('ACTIVE'),
    attributeCondition: z.string().default(''),
    attributeMapping: z.record(z.string(), z.string()).default({}),
    oidc: z.object({ issuerUri: z.string().default('') }).prefault({}),
  })
  .transform(({ state, attributeCondition, attributeMapping, oidc }) => {
    const isDeleted = state === 'DELETED';
    return { isDeleted, issuer: oidc.issuerUri, condition: attributeCondition, mapping: attributeMapping };
  });

const accountAnswer = z.object({ email: z.string() });

/** `Policy` of IAM. */
const policyAnswer = z.object({
  bindings: z
    .array(
      z.object({
        role: z.string(),
        members: z.array(z.string()).default([]),
        condition: z.object({ expression: z.string() }).optional(),
      }),
    )
    .default([]),
});

/** Opens {@link IdentityTools}. */
export function openIdentity(gcloud: Gcloud): IdentityTools {
  const { project } = gcloud;
  return {
    pool: async (pool, signal) =>
      (await unlessMissing(async () => await gcloud.json(identityCommands.pool(pool), poolAnswer, { signal }))) ?? null,
    async createPool(pool, signal) {
      await gcloud.act(identityCommands.createPool(pool), { signal });
    },
    async undeletePool(pool, signal) {
      await gcloud.act(identityCommands.undeletePool(pool), { signal });
    },
    provider: async (name, signal) =>
      (await unlessMissing(
        async () => await gcloud.json(identityCommands.provider(name), providerAnswer, { signal }),
      )) ?? null,
    async putProvider(name, wanted, before, signal) {
      if (before?.isDeleted === true) await gcloud.act(identityCommands.undeleteProvider(name), { signal });
      const how = before === null ? 'create-oidc' : 'update-oidc';
      await gcloud.act(identityCommands.putProvider(how, name, wanted), { signal });
    },
    async hasAccount(email, signal) {
      const found = await gcloud.json(identityCommands.accounts(email), z.array(accountAnswer), { signal });
      return found.some((account) => account.email === email);
    },
    async createAccount(accountId, displayName, signal) {
      await gcloud.act(identityCommands.createAccount(accountId, displayName), { signal });
    },
    async usersOf(email, signal) {
      const { bindings } = await gcloud.json(identityCommands.accountPolicy(email), policyAnswer, { signal });
      return bindings.filter(({ role }) => role === 'roles/iam.workloadIdentityUser').flatMap(({ members }) => members);
    },
    async letUse(email, member, signal) {
      await gcloud.act(identityCommands.letUse(email, member), { signal });
    },
    async grantsOf(member, signal) {
      const words = identityCommands.projectPolicy(project);
      const { bindings } = await gcloud.json(words, policyAnswer, { signal, isGlobal: true });
      return bindings
        .filter(({ members }) => members.includes(member))
        .map(({ role, condition }) => ({ role, condition: condition?.expression ?? null }));
    },
    async grant(member, grant, signal) {
      await gcloud.act(identityCommands.grant(project, member, grant), { signal, isGlobal: true });
    },
  };
}
