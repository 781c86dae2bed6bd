import type { SecretListEntry, SecretsManager } from '@aws-sdk/client-secrets-manager';
import type { AwsToolsOptions } from '../aws-tools.js';
import type { AwsClients } from '../clients/aws-clients.js';
import { awsErrorName } from '../clients/aws-failure.js';
import { isoTime } from '../clients/iso-time.js';
import { allPages } from '../clients/pages.js';
import { putSecret } from './put-secret.js';
import { pendingStage, type SecretState, type SecretTools } from './secret-tools.js';

/** Opens {@link SecretTools}. */
export function openSecrets(clients: AwsClients, { mask: maskAll = () => undefined }: AwsToolsOptions): SecretTools {
  const mask = (value: string): void => maskAll([value, ...passwordsIn(value)]);
  const makeCurrent = async (name: string, version: string, signal: AbortSignal): Promise<void> => {
    const secrets = await clients.secrets();
    const current = await versionWith(secrets, name, 'AWSCURRENT', signal);
    await moveStage(secrets, { name, stage: 'AWSCURRENT', from: current, to: version }, signal);
    const pending = await versionWith(secrets, name, pendingStage, signal);
    await moveStage(secrets, { name, stage: pendingStage, from: pending, to: undefined }, signal);
  };

  return {
    async put(options, signal) {
      mask(options.value);
      return await putSecret(await clients.secrets(), options, signal);
    },
    async ensure({ name, value, version, tags }, signal) {
      const secrets = await clients.secrets();
      const current = await unlessMissing(async () => await revivedVersion(secrets, name, signal));
      if (current !== undefined) return current;
      const text = value();
      mask(text);
      return await putSecret(
        secrets,
        {
          name,
          value: text,
          ...(version === undefined ? {} : { version }),
          ...(tags === undefined ? {} : { tags }),
        },
        signal,
      );
    },
    async read(SecretId, abortSignal, VersionId) {
      const secrets = await clients.secrets();
      const value = await unlessMissing(async () => {
        const { SecretString } = await secrets.getSecretValue({ SecretId, VersionId }, { abortSignal });
        return SecretString;
      });
      if (value !== undefined) mask(value);
      return value;
    },
    async state(SecretId, abortSignal) {
      const secrets = await clients.secrets();
      const found = await unlessMissing(async () => await secrets.describeSecret({ SecretId }, { abortSignal }));
      if (found === undefined || found.DeletedDate !== undefined) return undefined;
      return secretState({ ...found, SecretVersionsToStages: found.VersionIdsToStages });
    },
    async list(prefix, abortSignal) {
      const secrets = await clients.secrets();
      const found = await allPages(async (NextToken) => {
        const page = await secrets.listSecrets(
          { Filters: [{ Key: 'name', Values: [prefix] }], MaxResults: 100, NextToken },
          { abortSignal },
        );
        return { items: page.SecretList ?? [], next: page.NextToken };
      });
      return found
        .filter(({ Name = '', DeletedDate }) => Name.startsWith(prefix) && DeletedDate === undefined)
        .map(secretState)
        .toSorted((a, b) => a.name.localeCompare(b.name, 'en'));
    },
    promote: makeCurrent,
    restore: makeCurrent,
    async remove(SecretId, { recoverable, signal: abortSignal }) {
      const secrets = await clients.secrets();
      await unlessMissing(async () => {
        await secrets.deleteSecret(
          { SecretId, ...(recoverable ? { RecoveryWindowInDays: 7 } : { ForceDeleteWithoutRecovery: true }) },
          { abortSignal },
        );
      });
    },
  };
}

/** Pure: what is a password within a value: of JSON, and of a file of users. */
function passwordsIn(value: string): readonly string[] {
  const json = /"password":"([^"\\]+)"/.exec(value)?.[1];
  const lines = [...value.matchAll(/^"[^"]*" "([^"]+)"$/gm)].flatMap(([, password]) => password ?? []);
  return json === undefined ? lines : [json, ...lines];
}

/** The current version; a secret that was scheduled for deletion has been restored for it, which a stack could not find. */
async function revivedVersion(
  secrets: SecretsManager,
  SecretId: string,
  abortSignal: AbortSignal,
): Promise<string | undefined> {
  const { DeletedDate, VersionIdsToStages = {} } = await secrets.describeSecret({ SecretId }, { abortSignal });
  if (DeletedDate !== undefined) await secrets.restoreSecret({ SecretId }, { abortSignal });
  return versionOf(VersionIdsToStages, 'AWSCURRENT');
}

async function versionWith(
  secrets: SecretsManager,
  SecretId: string,
  stage: string,
  abortSignal: AbortSignal,
): Promise<string | undefined> {
  const { VersionIdsToStages = {} } = await secrets.describeSecret({ SecretId }, { abortSignal });
  return versionOf(VersionIdsToStages, stage);
}

/** `to` undefined: to no version; `from` undefined: from none. */
async function moveStage(
  secrets: SecretsManager,
  { name, stage, from, to }: Readonly<Record<'name' | 'stage', string> & Record<'from' | 'to', string | undefined>>,
  abortSignal: AbortSignal,
): Promise<void> {
  if (to === from) return;
  try {
    await secrets.updateSecretVersionStage(
      {
        SecretId: name,
        VersionStage: stage,
        ...(to === undefined ? {} : { MoveToVersionId: to }),
        ...(from === undefined ? {} : { RemoveFromVersionId: from }),
      },
      { abortSignal },
    );
  } catch (error) {
    // It was moved, and the answer was lost: the second try finds it where it is no more.
    const isInvalid = awsErrorName(error) === 'InvalidParameterException';
    if (!isInvalid || (await versionWith(secrets, name, stage, abortSignal)) !== to) throw error;
  }
}

function secretState(entry: SecretListEntry): SecretState {
  const { Name = '', ARN = '', SecretVersionsToStages = {}, LastChangedDate } = entry;
  return {
    name: Name,
    arn: ARN,
    version: versionOf(SecretVersionsToStages, 'AWSCURRENT') ?? null,
    pending: versionOf(SecretVersionsToStages, pendingStage) ?? null,
    changedAt: isoTime(LastChangedDate),
  };
}

function versionOf(versions: Readonly<Record<string, readonly string[]>>, stage: string): string | undefined {
  return Object.entries(versions).find(([, stages]) => stages.includes(stage))?.[0];
}

/** Also of a secret that is scheduled for deletion, which Secrets Manager refuses to look into. */
async function unlessMissing<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (['ResourceNotFoundException', 'InvalidRequestException'].includes(awsErrorName(error) ?? '')) return undefined;
    throw error;
  }
}
