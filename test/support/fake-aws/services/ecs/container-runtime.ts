import type { ContainerRun, StartResult } from '../../../cloud/processes/container-run.js';
import { startProcessContainer } from '../../../cloud/processes/process-container.js';
import type { FakeWorld } from '../../fake-world.js';
import { imageRegistry } from '../ecr/image-registry.js';
import { privateNames } from './private-names.js';

/** How containers of one fake run: `world.state(containerRuntime).start = …` has an engine run them. */
export interface ContainerRuntime {
  start: (run: ContainerRun) => Promise<StartResult>;
}

/** Real processes on an unpacked image. */
export function containerRuntime(world: FakeWorld): ContainerRuntime {
  return {
    async start(run) {
      const { puller } = await world.state(imageRegistry);
      const { directory } = world;
      const started = await startProcessContainer({ puller, directory, names: world.state(privateNames).file }, run);
      if (started.kind === 'started') return started;
      const reason =
        started.cause === 'image'
          ? `CannotPullContainerError: pull image manifest has been retried 1 time(s): ${started.reason}`
          : `CannotStartContainerError: ${started.reason}`;
      return { kind: 'failed', reason };
    },
  };
}
