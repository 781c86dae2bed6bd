import type { ImageBuilder } from './image-builder.js';
import { parseImageReference } from './image-reference.js';
import { readDockerConfig, readPodmanAuth, registryAccount } from './registry-account.js';
import type { RegistryAccount } from './registry-auth.js';
import { type RegistryClient, registryClient } from './registry-client.js';
import { registryEndpoint } from './registry-endpoint.js';

/** An account that agentctl logs in with itself. */
export interface RegistryLogin extends RegistryAccount {
  /** Host and port. */
  readonly registry: string;
}

/** What building, pushing and looking up images needs of the world. */
export interface ImageWorld {
  /** What builds here; asked once, when it is needed. @throws ToolMissing, EnvironmentNotReady */
  readonly builder: (signal: AbortSignal) => Promise<ImageBuilder>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Absolute; private files are kept below it while a command runs. */
  readonly workDirectory: string;
  /** @default - the logins of the user */
  readonly login?: RegistryLogin | undefined;
  /** Value of a build secret; undefined when it has none. */
  readonly secret: (name: string) => string | undefined;
  /** Makes values known that no output may show. */
  readonly mask: (values: readonly string[]) => void;
  readonly now: () => Date;
}

/** What a function here gets besides what it is to do. */
export interface ImageRun {
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
}

/** A client for the repository of an image, with the account that a push would use. */
export async function repositoryClient(
  { login, environment, mask }: ImageWorld,
  name: string,
  access: 'pull' | 'pull,push',
  signal: AbortSignal,
): Promise<RegistryClient> {
  const { registry, repository } = parseImageReference(name);
  const account = login?.registry === registry ? login : await usersAccount(registry, environment, signal);
  if (account !== undefined) mask([account.password]);
  const endpoint = registryEndpoint(registry, environment);
  return registryClient({ registry, repository, endpoint, account, access, signal });
}

async function usersAccount(
  registry: string,
  environment: ImageWorld['environment'],
  signal: AbortSignal,
): Promise<RegistryAccount | undefined> {
  const ofDocker = await registryAccount(await readDockerConfig(environment), registry, environment, signal);
  return ofDocker ?? (await registryAccount(await readPodmanAuth(environment), registry, environment, signal));
}
