import * as z from 'zod';
import { AgentctlError } from '../../../errors.js';
import { pollUntil } from '../../poll-until.js';
import type { Gcloud } from '../gcloud/gcloud.js';
import { unlessMissing } from '../gcloud/unless-missing.js';
import {
  backupAnswer,
  backupOf,
  instanceAnswer,
  instanceOf,
  keptAnswer,
  keptOf,
  operationAnswer,
} from './database-answers.js';
import { databaseCommands } from './database-commands.js';
import type { DatabaseBackup, DatabaseTools } from './database-tools.js';

interface Waiting {
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
}

const underWay: ReadonlySet<string> = new Set(['ENQUEUED', 'RUNNING']);

/** Opens {@link DatabaseTools}. */
export function openDatabase(
  gcloud: Gcloud,
  pollSeconds: number,
  mask: (values: readonly string[]) => void = () => undefined,
): DatabaseTools {
  const backups: DatabaseTools['backups'] = async (instance, signal) => {
    const found = await unlessMissing(
      async () => await gcloud.json(databaseCommands.backups(instance), z.array(backupAnswer), { signal }),
    );
    return newestFirst((found ?? []).map(backupOf));
  };
  const operations = async (instance: string, signal: AbortSignal) =>
    await gcloud.json(databaseCommands.operations(instance), z.array(operationAnswer), { signal });
  const restores = async (instance: string, signal: AbortSignal) =>
    (await operations(instance, signal)).filter(({ operationType }) => operationType === 'RESTORE_VOLUME');
  /** Until everything that is done to it has come to its end. */
  const settled = async (instance: string, { signal, log }: Waiting): Promise<void> => {
    let said = '';
    await pollUntil(
      async () => {
        const going = (await operations(instance, signal)).find(({ status }) => status !== 'DONE');
        if (going === undefined) return true;
        if (going.name !== said) log(`Cloud SQL is at it: ${going.operationType}`);
        said = going.name;
        return undefined;
      },
      { pollSeconds, signal },
    );
  };
  return {
    backups,
    settled,
    async keptBackups(start, signal) {
      const filter = `instance:${start}`;
      const found = await gcloud.json(databaseCommands.kept(filter), z.array(keptAnswer), { signal });
      return newestFirst(found.flatMap(keptOf).filter(({ instance }) => instance.startsWith(start)));
    },
    async state(name, signal) {
      const found = await unlessMissing(
        async () => await gcloud.json(databaseCommands.describe(name), instanceAnswer, { signal }),
      );
      return found === undefined ? undefined : instanceOf(found);
    },
    async createBackup({ instance, description }, { signal, log }) {
      const find = async (): Promise<DatabaseBackup | undefined> =>
        (await backups(instance, signal)).find((one) => one.description === description && one.status !== 'FAILED');
      if ((await find()) === undefined) {
        await gcloud.act(databaseCommands.createBackup(instance, description), { signal });
      }
      let said = '';
      return await pollUntil(
        async () => {
          const [newest] = (await backups(instance, signal)).filter((one) => one.description === description);
          if (newest === undefined) return undefined;
          if (newest.status !== said) log(`backup ${newest.id} is ${newest.status}`);
          said = newest.status;
          if (underWay.has(newest.status)) return undefined;
          if (newest.status !== 'SUCCESSFUL') throw failed(instance, `backup ${newest.id} of`, newest.status);
          return newest;
        },
        { pollSeconds, signal },
      );
    },
    async deleteBackup(instance, id, signal) {
      await unlessMissing(async () => await gcloud.act(databaseCommands.deleteBackup(instance, id), { signal }));
    },
    async restore({ instance, backup }, run) {
      const { signal, log } = run;
      const isGoing = (await restores(instance, signal)).some(({ status }) => status !== 'DONE');
      if (!isGoing) await gcloud.act(databaseCommands.restore(instance, backup), { signal });
      await settled(instance, { signal, log });
      // Newest first, as Cloud SQL lists them.
      const [last] = await restores(instance, signal);
      const [problem] = last?.error?.errors ?? [];
      if (problem !== undefined) throw failed(instance, 'the restore of', problem.message ?? problem.code ?? 'failed');
    },
    async setPassword(instance, user, password, signal) {
      mask([password]);
      const input = JSON.stringify({ '--password': password });
      await gcloud.act(databaseCommands.setPassword(instance, user), { signal, input });
    },
  };
}

function newestFirst(found: readonly DatabaseBackup[]): readonly DatabaseBackup[] {
  return found.toSorted((a, b) => (b.startedAt ?? '').localeCompare(a.startedAt ?? '', 'en'));
}

function failed(instance: string, what: string, how: string): AgentctlError {
  return new AgentctlError('ToolFailed', `${what} ${instance} is ${how}`, {
    fix: `see why: gcloud sql operations list --instance=${instance}; then run it again`,
  });
}
