import { existsSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { damageOf } from '../../state-file.js';
import { stateLayout } from '../../supervisor/state-layout.js';
import type { PlanIdentity } from '../target.js';
import { hasDatabase } from './has-database.js';
import type { StageFacts } from './local-facts.js';
import { type LocalTargetOptions, type OpenLocalTools, readSecrets } from './open-local-tools.js';
import { usesContainers } from './uses-containers.js';

/**
 * Reads what a plan depends on. What was deployed should run: a supervisor that a crash or a reboot took away is started
 * first.
 *
 * @throws StateUnreadable for a damaged record of the release that serves, to which a failure would have to return
 */
export async function stageFacts(
  options: LocalTargetOptions,
  tools: OpenLocalTools,
  { runId, madeAt }: PlanIdentity,
  signal: AbortSignal,
): Promise<StageFacts> {
  const { stateDirectory } = options;
  const deployed = existsSync(stateLayout(stateDirectory).desiredFile);
  const supervisor = deployed ? await tools.supervisor(signal) : await tools.runningSupervisor();
  const [records, damaged, running, schema, artifacts, images] = await Promise.all([
    tools.ledger.list(),
    tools.ledger.damaged(),
    supervisor?.status({ signal }),
    supervisor === undefined ? null : tools.schemaRevision(signal),
    tools.artifacts.list(),
    usesContainers(stateDirectory) ? tools.stageImages.list(signal) : [],
  ]);
  const inTheWay = damaged.find(({ id, problem }) => id === running?.servingRelease || damageOf(problem) === 'newer');
  if (inTheWay !== undefined) throw inTheWay.problem;
  return {
    records,
    damaged,
    running,
    secretVersions: readSecrets(options).versions,
    schema,
    hasDatabase: hasDatabase(stateDirectory),
    artifacts: [...artifacts, ...images.map((image) => image.key)],
    imageOf: Object.fromEntries(images.map(({ contentHash, id }) => [contentHash, id])),
    user: userInfo().username,
    host: hostname(),
    now: madeAt,
    runId,
  };
}
