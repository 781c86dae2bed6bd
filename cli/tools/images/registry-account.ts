import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { isAgentctlError } from '../../errors.js';
import { builderEnvironment } from './builder-environment.js';
import { accountSource, type DockerConfig, parseDockerConfig } from './docker-config.js';
import type { RegistryAccount } from './registry-auth.js';
import { runImageTool } from './run-image-tool.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** What `docker-credential-… get` prints (docker-credential-helpers, "get"). */
const helperAnswer = z.object({ Username: z.string(), Secret: z.string() });

/** Pure: the directory of docker's settings. */
export function dockerConfigDirectory(environment: Environment): string {
  return environment['DOCKER_CONFIG'] ?? join(environment['HOME'] ?? '/', '.docker');
}

/** The user's own settings of docker; empty without. Only read. */
export async function readDockerConfig(environment: Environment): Promise<DockerConfig> {
  return parseDockerConfig(await readText(join(dockerConfigDirectory(environment), 'config.json')));
}

/** Where podman and buildah keep logins, most important first (containers-auth.json(5)). */
export async function readPodmanAuth(environment: Environment): Promise<DockerConfig> {
  const { REGISTRY_AUTH_FILE: chosen, XDG_RUNTIME_DIR: runtime, XDG_CONFIG_HOME: settings, HOME: home } = environment;
  const files = [
    ...(chosen === undefined ? [] : [chosen]),
    ...(runtime === undefined ? [] : [join(runtime, 'containers/auth.json')]),
    join(settings ?? join(home ?? '/', '.config'), 'containers/auth.json'),
  ];
  for (const file of files) {
    const text = await readText(file);
    if (text !== undefined) return parseDockerConfig(text);
  }
  return await readDockerConfig(environment);
}

/**
 * The account that the user has for a registry: from the settings, or from the credential helper they name. A helper may
 * need credentials of its cloud, and gets the whole environment; undefined when it has none to give.
 */
export async function registryAccount(
  config: DockerConfig,
  registry: string,
  environment: Environment,
  signal: AbortSignal,
): Promise<RegistryAccount | undefined> {
  const source = accountSource(config, registry);
  if (source.kind === 'none') return undefined;
  if (source.kind === 'account') return source.account;
  const argv = [`docker-credential-${source.helper}`, 'get'] as const;
  const whole = Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const env = { ...Object.fromEntries(whole), ...builderEnvironment(environment) };
  try {
    const { succeeded, stdout } = await runImageTool({ argv, env }, { signal, input: source.server });
    const answer = succeeded ? helperAnswer.safeParse(JSON.parse(stdout)).data : undefined;
    return answer === undefined ? undefined : { username: answer.Username, password: answer.Secret };
  } catch (error) {
    if (isAgentctlError(error) && error.code === 'Interrupted') throw error;
    return undefined;
  }
}

async function readText(file: string): Promise<string | undefined> {
  return await readFile(file, 'utf8').catch(() => undefined);
}
