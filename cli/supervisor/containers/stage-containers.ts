import { containerCommands } from '../../tools/containers/index.js';
import { type ContainerEngine, runEngine } from '../../tools/engine/index.js';

/** Containers, networks and volumes of a stage carry this label with the key of the stage as its value. */
export const stageLabel = 'dev.agentctl.stage';

/** Time for a server to put its data in order, when a supervisor that has died left it running. */
const leftoverGraceSeconds = 10;

/** What taking things away from an engine needs. */
export interface StageContainers {
  readonly engine: ContainerEngine;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Of the stage, see StateLayout. */
  readonly key: string;
}

/** Ends and removes every container of a stage. Returns their names. */
export async function removeContainers(stage: StageContainers): Promise<readonly string[]> {
  const names = await listed(stage, containerCommands.list(labelOf(stage)));
  const end = async (name: string): Promise<void> => {
    await inEngine(stage, containerCommands.stop(name, leftoverGraceSeconds)).catch(() => undefined);
    await inEngine(stage, containerCommands.remove(name));
  };
  await Promise.all(names.map(end));
  return names;
}

/** Removes the networks of a stage that has no containers any more. */
export async function removeNetworks(stage: StageContainers): Promise<void> {
  for (const name of await listed(stage, containerCommands.listNetworks(labelOf(stage))))
    await inEngine(stage, containerCommands.removeNetwork(name));
}

/** Removes the volumes of a stage, that of the database first and for good. Returns their names. */
export async function removeVolumes(stage: StageContainers): Promise<readonly string[]> {
  const names = await listed(stage, containerCommands.listVolumes(labelOf(stage)));
  for (const name of names.toSorted((a, b) => Number(b.endsWith('-postgres')) - Number(a.endsWith('-postgres'))))
    await inEngine(stage, containerCommands.removeVolumes(name));
  return names;
}

/** What a stage's label looks like in a filter. */
export function labelOf({ key }: Pick<StageContainers, 'key'>): string {
  return `${stageLabel}=${key}`;
}

async function listed(stage: StageContainers, args: readonly string[]): Promise<readonly string[]> {
  return (await inEngine(stage, args)).split('\n').filter((line) => line !== '');
}

async function inEngine({ engine, environment }: StageContainers, args: readonly string[]): Promise<string> {
  return await runEngine(engine, args, { environment });
}
