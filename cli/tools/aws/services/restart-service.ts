import { AgentctlError } from '../../../errors.js';
import type { AwsClients } from '../clients/aws-clients.js';
import { pollUntil } from '../../poll-until.js';
import { readServices } from './read-services.js';
import type { RestartOptions } from './service-tools.js';

/** Has ECS replace the tasks of a service, unless it began to after a given time, and waits until it is done. */
export async function restartService(
  clients: AwsClients,
  { cluster, service, since, signal, log }: RestartOptions,
  pollSeconds: number,
): Promise<boolean> {
  const primary = async () => {
    const [found] = await readServices(clients, cluster, [service], signal);
    return found?.deployments.find(({ status }) => status === 'PRIMARY');
  };
  const before = await primary();
  if (before === undefined) return false;
  const isNewer = before.createdAt !== null && before.createdAt > since;
  if (!isNewer) {
    const ecs = await clients.ecs();
    await ecs.updateService({ cluster, service, forceNewDeployment: true }, { abortSignal: signal });
  }
  let said = '';
  await pollUntil(
    async () => {
      const deployment = await primary();
      if (deployment === undefined) throw failed(service, 'it is gone');
      const { rolloutState, running, desired, reason } = deployment;
      // What ECS goes back to after a failure is a deployment of before.
      if (rolloutState === 'FAILED' || (deployment.createdAt ?? '') <= since) throw failed(service, reason);
      const text = `${running} of ${desired} new tasks run`;
      if (text !== said && !isNewer) log(text);
      said = text;
      return rolloutState === 'COMPLETED' ? true : undefined;
    },
    { pollSeconds, signal },
  );
  return !isNewer;
}

function failed(service: string, reason: string | null): AgentctlError {
  const why = reason === null || reason === '' ? '' : `: ${reason}`;
  return new AgentctlError('StepFailed', `the new tasks of ${service} do not come up${why}`, {
    fix: 'see why in its log and its events: aws ecs describe-services',
  });
}
