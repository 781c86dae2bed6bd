import * as z from 'zod';
import { AgentctlError } from '../../../errors.js';
import { pollUntil } from '../../poll-until.js';
import type { Gcloud } from '../gcloud/gcloud.js';
import { unlessMissing } from '../gcloud/unless-missing.js';
import { databaseCommands } from './database-commands.js';
import type { DatabaseBackup, DatabaseTools } from './database-tools.js';

const numeric = z.union([z.string(), z.number()]);

const instanceAnswer = z.object({
  name: z.string(),
  state: z.string(),
  databaseVersion: z.string(),
  settings: z
    .object({
      tier: z.string().default(''),
      availabilityType: z.string().default('ZONAL'),
      dataDiskSizeGb: numeric.default(0),
    })
    .prefault({}),
});

const backupAnswer = z.object({
  id: numeric.transform(String),
  instance: z.string(),
  status: z.string(),
  type: z.string().default('ON_DEMAND'),
  description: z.string().default(''),
  startTime: z.string().optional(),
  enqueuedTime: z.string().optional(),
});

const underWay: ReadonlySet<string> = new Set(['ENQUEUED', 'RUNNING']);

/** Opens {@link DatabaseTools}. */
export function openDatabase(gcloud: Gcloud, pollSeconds: number): DatabaseTools {
  const backups: DatabaseTools['backups'] = async (instance, signal) => {
    const found = await unlessMissing(
      async () => await gcloud.json(databaseCommands.backups(instance), z.array(backupAnswer), { signal }),
    );
    return (found ?? []).map(backupOf).toSorted((a, b) => (b.startedAt ?? '').localeCompare(a.startedAt ?? '', 'en'));
  };
  return {
    backups,
    async state(name, signal) {
      const found = await unlessMissing(
        async () => await gcloud.json(databaseCommands.describe(name), instanceAnswer, { signal }),
      );
      if (found === undefined) return undefined;
      const { state, databaseVersion, settings } = found;
      return {
        instance: name,
        state,
        version: databaseVersion,
        tier: settings.tier,
        isHighlyAvailable: settings.availabilityType === 'REGIONAL',
        storageGiB: Number(settings.dataDiskSizeGb),
      };
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
          if (newest.status !== 'SUCCESSFUL') throw failed(instance, newest);
          return newest;
        },
        { pollSeconds, signal },
      );
    },
  };
}

function backupOf({ startTime, enqueuedTime, ...backup }: z.output<typeof backupAnswer>): DatabaseBackup {
  return { ...backup, startedAt: startTime ?? enqueuedTime ?? null };
}

function failed(instance: string, { id, status }: DatabaseBackup): AgentctlError {
  return new AgentctlError('ToolFailed', `backup ${id} of ${instance} is ${status}`, {
    fix: `see why: gcloud sql operations list --instance=${instance}; then run it again`,
  });
}
