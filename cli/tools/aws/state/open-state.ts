import type { S3 } from '@aws-sdk/client-s3';
import { AgentctlError } from '../../../errors.js';
import type { ListedObject, ObjectStore } from '../../../object-store.js';
import type { AccountTools } from '../account/account-tools.js';
import type { AwsClients } from '../clients/aws-clients.js';
import { awsErrorName } from '../clients/aws-failure.js';
import type { StateTools } from './state-tools.js';

/** Of a write whose condition does not hold: S3 user guide, "Conditional requests". 404: what should be replaced is gone. */
const lostNames: ReadonlySet<string> = new Set(['PreconditionFailed', 'NoSuchKey', 'NotFound']);
/** Two conditional writes of one key at the same moment; the guide says to try again. */
const conflictName = 'ConditionalRequestConflict';
const conflictAttempts = 5;

/** Opens {@link StateTools}. */
export function openState(clients: AwsClients, account: AccountTools): StateTools {
  let bucket = '';
  const bucketName = async (signal: AbortSignal): Promise<string> => {
    const { accountId, region } = await account.identity(signal);
    bucket = `agentctl-state-${accountId}-${region}`;
    return bucket;
  };
  const on = async <T>(work: (s3: S3, bucket: string) => Promise<T>, signal = never): Promise<T> => {
    const name = await bucketName(signal);
    const s3 = await clients.s3();
    try {
      return await work(s3, name);
    } catch (error) {
      throw awsErrorName(error) === 'NoSuchBucket' ? notBootstrapped(name, error) : error;
    }
  };

  return {
    bucketName,
    exists: async (signal) =>
      await on(async (s3, Bucket) => {
        try {
          await s3.headBucket({ Bucket }, { abortSignal: signal });
          return true;
        } catch (error) {
          if (['NotFound', 'NoSuchBucket'].includes(awsErrorName(error) ?? '')) return false;
          throw error;
        }
      }, signal),
    objects: objectsOf(on, () => bucket),
  };
}

type OnBucket = <T>(work: (s3: S3, bucket: string) => Promise<T>, signal?: AbortSignal) => Promise<T>;

function objectsOf(on: OnBucket, bucket: () => string): ObjectStore {
  return {
    place: (key) => `s3://${bucket()}/${key}`,
    read: async (Key, abortSignal) =>
      await on(async (s3, Bucket) => {
        try {
          const { Body, ETag = '', LastModified } = await s3.getObject({ Bucket, Key }, options(abortSignal));
          const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
          return { bytes, version: ETag, modifiedAt: LastModified?.getTime() ?? 0 };
        } catch (error) {
          if (awsErrorName(error) === 'NoSuchKey') return undefined;
          throw error;
        }
      }, abortSignal),
    create: async (Key, Body, abortSignal) =>
      await on(
        async (s3, Bucket) =>
          await written(
            async () => await s3.putObject({ ...json(Bucket, Key, Body), IfNoneMatch: '*' }, options(abortSignal)),
          ),
        abortSignal,
      ),
    replace: async (Key, Body, version, abortSignal) =>
      await on(
        async (s3, Bucket) =>
          await written(
            async () => await s3.putObject({ ...json(Bucket, Key, Body), IfMatch: version }, options(abortSignal)),
          ),
        abortSignal,
      ),
    write: async (Key, Body, abortSignal) =>
      await on(
        async (s3, Bucket) => (await s3.putObject(json(Bucket, Key, Body), options(abortSignal))).ETag ?? '',
        abortSignal,
      ),
    remove: async (Key, version, abortSignal) =>
      await on(async (s3, Bucket) => {
        const removed = await unlessLost(
          async () => await s3.deleteObject({ Bucket, Key, IfMatch: version }, options(abortSignal)),
        );
        return removed !== undefined;
      }, abortSignal),
    list: async (Prefix, abortSignal) =>
      await on(async (s3, Bucket) => {
        const found: ListedObject[] = [];
        let token: string | undefined;
        do {
          const page = await s3.listObjectsV2(
            { Bucket, Prefix, ...(token === undefined ? {} : { ContinuationToken: token }) },
            options(abortSignal),
          );
          found.push(...(page.Contents ?? []).map(({ Key = '', ETag = '' }) => ({ key: Key, version: ETag })));
          token = page.NextContinuationToken;
        } while (token !== undefined);
        return found.toSorted((left, right) => (left.key < right.key ? -1 : 1));
      }, abortSignal),
  };
}

async function written(work: () => Promise<{ readonly ETag?: string | undefined }>): Promise<string | undefined> {
  return await unlessLost(async () => (await work()).ETag ?? '');
}

function json(Bucket: string, Key: string, Body: string) {
  return { Bucket, Key, Body, ContentType: 'application/json' };
}

function options(abortSignal: AbortSignal | undefined): { readonly abortSignal?: AbortSignal } {
  return abortSignal === undefined ? {} : { abortSignal };
}

/** Undefined: somebody else was first. */
async function unlessLost<T>(write: () => Promise<T>): Promise<T | undefined> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await write();
    } catch (error) {
      const name = awsErrorName(error) ?? '';
      if (lostNames.has(name)) return undefined;
      if (name !== conflictName) throw error;
      if (attempt === conflictAttempts) return undefined;
    }
  }
}

const never = new AbortController().signal;

function notBootstrapped(bucket: string, cause: unknown): AgentctlError {
  return new AgentctlError('EnvironmentNotReady', `there is no state bucket ${bucket} in this account and region`, {
    fix: 'prepare the account once: agentctl bootstrap --cloud aws',
    cause,
  });
}
