import type { ServerContainer } from '../protocol.js';
import type { ResolvedLaunch } from '../release/resolve-launch.js';
import { confinementOf } from '../release/start-workload.js';
import type { StageContainer } from './container-host.js';

/** Pure: the container of a server, found by its name; `volume`: where its data is, if it has any. */
export function serverSpec(
  name: string,
  container: ServerContainer,
  { command, env }: Pick<ResolvedLaunch, 'command' | 'env'>,
  volume: string,
): StageContainer {
  const { image, entrypoint, dataPath, sharedMemoryMiB, confinement } = container;
  return {
    label: name,
    image,
    ...(entrypoint === undefined ? {} : { entrypoint }),
    command,
    env,
    aliases: [name],
    hostname: name,
    publish: [],
    volumes: dataPath === undefined ? {} : { [dataPath]: volume },
    ...(sharedMemoryMiB === undefined ? {} : { sharedMemoryMiB }),
    ...(confinement === undefined ? {} : { confinement: confinementOf(confinement) }),
    stdin: false,
  };
}
