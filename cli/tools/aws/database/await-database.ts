import type { DBInstance } from '@aws-sdk/client-rds';
import { AgentctlError } from '../../../errors.js';
import type { AwsClients } from '../clients/aws-clients.js';
import { pollUntil } from '../../poll-until.js';
import type { DatabaseRun, DatabaseSnapshot } from './database-tools.js';
import { readInstance, readSnapshot } from './read-database.js';

/** Statuses that no waiting ends (RDS user guide, "Viewing Amazon RDS DB instance status"). */
const hopeless: ReadonlySet<string> = new Set([
  'failed',
  'inaccessible-encryption-credentials',
  'incompatible-network',
  'incompatible-option-group',
  'incompatible-parameters',
  'incompatible-restore',
  'insufficient-capacity',
  'restore-error',
  'storage-full',
]);

/** Waits until an instance can be used, and nothing of it is still to be changed. */
export async function awaitAvailable(
  clients: AwsClients,
  instance: string,
  { signal, log }: DatabaseRun,
  pollSeconds: number,
): Promise<DBInstance> {
  let said = '';
  return await pollUntil(
    async () => {
      const found = await readInstance(clients, instance, signal);
      const status = found?.DBInstanceStatus ?? 'not there yet';
      if (hopeless.has(status)) throw hopelessStatus(`database ${instance}`, status);
      if (status !== said) log(`database ${instance}: ${status}`);
      said = status;
      const isPending = Object.values(found?.PendingModifiedValues ?? {}).some((value) => value !== undefined);
      return status === 'available' && !isPending ? found : undefined;
    },
    { pollSeconds, signal },
  );
}

/** Waits until an instance can be used, or is gone. */
export async function awaitSettled(
  clients: AwsClients,
  instance: string,
  { signal, log }: DatabaseRun,
  pollSeconds: number,
): Promise<DBInstance | undefined> {
  let said = '';
  const { found } = await pollUntil(
    async () => {
      const now = await readInstance(clients, instance, signal);
      const { DBInstanceStatus: status = '' } = now ?? {};
      if (now === undefined || status === 'available') return { found: now };
      if (hopeless.has(status)) return { found: now };
      if (status !== said) log(`database ${instance}: ${status}`);
      said = status;
      return undefined;
    },
    { pollSeconds, signal },
  );
  return found;
}

/** Waits until there is no such instance any more. */
export async function awaitGone(
  clients: AwsClients,
  instance: string,
  { signal, log }: DatabaseRun,
  pollSeconds: number,
): Promise<void> {
  let said = '';
  await pollUntil(
    async () => {
      const found = await readInstance(clients, instance, signal);
      if (found === undefined) return true;
      const { DBInstanceStatus: status = '' } = found;
      if (status !== said) log(`database ${instance}: ${status}`);
      said = status;
      return undefined;
    },
    { pollSeconds, signal },
  );
}

/** Waits until a snapshot can be restored. */
export async function awaitSnapshot(
  clients: AwsClients,
  id: string,
  { signal, log }: DatabaseRun,
  pollSeconds: number,
): Promise<DatabaseSnapshot> {
  let said = -1;
  return await pollUntil(
    async () => {
      const found = await readSnapshot(clients, id, signal);
      if (found === undefined) return undefined;
      const { percent, ...snapshot } = found;
      if (snapshot.status === 'failed') throw hopelessStatus(`snapshot ${id}`, 'failed');
      if (snapshot.status === 'available') return snapshot;
      if (percent !== said) log(`snapshot ${id}: ${percent} %`);
      said = percent;
      return undefined;
    },
    { pollSeconds, signal },
  );
}

function hopelessStatus(subject: string, status: string): AgentctlError {
  return new AgentctlError('StepFailed', `${subject} is ${status}`, {
    fix: 'see what RDS says about it in its events: aws rds describe-events',
  });
}
