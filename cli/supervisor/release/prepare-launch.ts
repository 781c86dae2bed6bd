import { delimiter, join } from 'node:path';
import type { ArtifactRef } from '../protocol.js';
import { readSecretStore, secretValues } from '../secret-store.js';
import type { SupervisorContext } from '../supervisor-context.js';
import { type Endpoints, endpointsForContainer, endpointsForProcess } from './endpoints.js';
import { type LaunchTemplate, type ResolvedLaunch, resolveLaunch } from './resolve-launch.js';

/** What a process or container of the user's is started with; every secret in it is masked in all logs from now on. */
export async function prepareLaunch(
  context: SupervisorContext,
  template: LaunchTemplate & { readonly artifact: ArtifactRef },
  about: { readonly release: string | undefined; readonly port?: number },
): Promise<ResolvedLaunch> {
  const { artifact } = template;
  const { current } = context.store;
  if ('image' in artifact) {
    const { hostFromContainers } = await context.containers.ready();
    return resolved(context, template, endpointsForContainer(current, hostFromContainers), about);
  }
  const launch = resolved(context, template, endpointsForProcess(current), about);
  const path = programPath(artifact.directory, context.passedEnvironment['PATH']);
  return { ...launch, env: { ...context.passedEnvironment, PATH: path, ...launch.env } };
}

/** Fills in the references of a template, and has every secret in it masked. */
export function resolved(
  { layout, logs }: SupervisorContext,
  template: LaunchTemplate,
  endpoints: Endpoints,
  { release, port }: { readonly release: string | undefined; readonly port?: number },
): ResolvedLaunch {
  const secrets = readSecretStore(layout.directory);
  logs.mask(secretValues(secrets));
  const launch = resolveLaunch(template, { stage: layout.stage, release, port, secrets, endpoints });
  logs.mask(launch.secretValues);
  return launch;
}

/** Programs that the build installed come first, as they do in an image. */
function programPath(directory: string, inherited: string | undefined): string {
  const own = [join(directory, '.venv', 'bin'), join(directory, 'node_modules', '.bin')];
  return [...own, ...(inherited === undefined ? [] : [inherited])].join(delimiter);
}
