import { existsSync } from 'node:fs';
import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BuildSecret } from './build-command.js';
import { builderEnvironment } from './builder-environment.js';
import { configForLogin } from './docker-config.js';
import type { ImageBuilder } from './image-builder.js';
import type { ImageWorld } from './image-world.js';
import { withPrivateDirectory } from './private-directory.js';
import { isDaemonless, loginCommand, type PushOptions } from './push-command.js';
import { dockerConfigDirectory, readDockerConfig, readPodmanAuth } from './registry-account.js';
import { pushFailure } from './registry-failure.js';
import { runImageTool } from './run-image-tool.js';

/** What the commands of one build or push share. */
export interface ImageSession {
  readonly builder: ImageBuilder;
  /** Private; removed at the end. */
  readonly directory: string;
  /** The whole environment of a command. Secret values are in that of builds only. */
  readonly env: Readonly<Record<string, string>>;
  readonly push: PushOptions;
  /** Build secrets as the builder takes them, and the variables some are in. */
  readonly secrets: readonly BuildSecret[];
  readonly secretEnv: Readonly<Record<string, string>>;
}

/**
 * Runs `work` with a login of our own, if there is one, and build secrets at hand. Both are in a private directory, which
 * is gone afterwards; the user's own settings are read and never written.
 *
 * @throws EnvironmentNotReady when the registry refuses the login
 */
export async function withImageSession<T>(
  world: ImageWorld,
  builder: ImageBuilder,
  secretValues: Readonly<Record<string, string>>,
  signal: AbortSignal,
  work: (session: ImageSession) => Promise<T>,
): Promise<T> {
  return await withPrivateDirectory(world.workDirectory, async (directory) => {
    const env = builderEnvironment(world.environment);
    const ready = isDaemonless(builder)
      ? { env, ...(await secretFiles(directory, secretValues)), push: await podmanLogin(world, directory) }
      : { env: { ...env, ...(await dockerLogin(world, directory)) }, ...secretVariables(secretValues), push: {} };
    await logIn(world, { builder, ...ready }, signal);
    return await work({ builder, directory, ...ready });
  });
}

/** In variables of a name of our own: a secret may be named as something that docker reads. */
function secretVariables(values: Readonly<Record<string, string>>): Pick<ImageSession, 'secrets' | 'secretEnv'> {
  const named = Object.entries(values).map(([id, value]) => ({ id, value, variable: `AGENTCTL_BUILD_SECRET_${id}` }));
  return {
    secrets: named.map(({ id, variable }) => ({ id, from: 'env', variable })),
    secretEnv: Object.fromEntries(named.map(({ variable, value }) => [variable, value])),
  };
}

/** Not every podman and buildah takes secrets from variables. */
async function secretFiles(
  directory: string,
  values: Readonly<Record<string, string>>,
): Promise<Pick<ImageSession, 'secrets' | 'secretEnv'>> {
  const secrets: BuildSecret[] = [];
  for (const [id, value] of Object.entries(values)) {
    const file = join(directory, `secret-${secrets.length}`);
    await writeFile(file, value, { mode: 0o600 });
    secrets.push({ id, from: 'file', file });
  }
  return { secrets, secretEnv: {} };
}

/** The directory of docker's settings holds more than the login: what plugins and contexts there are. */
async function dockerLogin(
  { login, environment }: ImageWorld,
  directory: string,
): Promise<{ readonly DOCKER_CONFIG?: string }> {
  if (login === undefined) return {};
  const config = configForLogin(await readDockerConfig(environment), login.registry, 'docker');
  await writeFile(join(directory, 'config.json'), JSON.stringify(config), { mode: 0o600 });
  for (const name of ['contexts', 'cli-plugins', 'buildx']) {
    const own = join(dockerConfigDirectory(environment), name);
    if (existsSync(own)) await symlink(own, join(directory, name));
  }
  return { DOCKER_CONFIG: directory };
}

async function podmanLogin({ login, environment }: ImageWorld, directory: string): Promise<PushOptions> {
  if (login === undefined) return {};
  const authFile = join(directory, 'auth.json');
  const config = configForLogin(await readPodmanAuth(environment), login.registry, 'podman');
  await writeFile(authFile, JSON.stringify(config), { mode: 0o600 });
  return { authFile };
}

async function logIn(
  { login, mask }: ImageWorld,
  { builder, env, push }: Pick<ImageSession, 'builder' | 'env' | 'push'>,
  signal: AbortSignal,
): Promise<void> {
  if (login === undefined) return;
  mask([login.password]);
  const argv = loginCommand(builder, login.registry, login.username, push);
  const { succeeded, how, lines } = await runImageTool({ argv, env }, { signal, input: login.password });
  if (!succeeded) throw pushFailure(login.registry, how, lines);
}
