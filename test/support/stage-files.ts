import { mkdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { createJournal, journalVersion } from '../../cli/engine/journal.js';
import { type LockHolder, lockVersion } from '../../cli/engine/lock-file.js';
import { PlanBuilder } from '../../cli/plan/plan-builder.js';
import type { Plan } from '../../cli/plan/plan.js';
import { buildArtifact } from '../../cli/steps/local/build-artifact.js';
import { temporaryDirectory } from './temporary-directory.js';

/** A project with the stage `local` whose files can be looked at and damaged. Nothing of it runs. */
export interface StageFiles {
  readonly directory: string;
  readonly stateDirectory: string;
  /** Absolute path of one of the files of the stage. */
  path(name: string): string;
  /** Writes one of them. */
  readonly write: (name: string, content: string | Uint8Array) => Promise<void>;
  /** Writes a lock; of a process of this host that never was unless told otherwise. */
  lock(holder?: Partial<LockHolder>): Promise<void>;
  /** Writes the journal of a run that was cut off while it built. */
  journal(runId: string): Promise<void>;
}

/** A small agent that was never deployed. */
export async function stageFiles(config: string = minimalConfig): Promise<StageFiles> {
  const directory = await temporaryDirectory();
  const stateDirectory = join(directory, '.agentctl', 'local', 'local');
  const path = (name: string): string => join(stateDirectory, name);
  const write = async (name: string, content: string | Uint8Array): Promise<void> => {
    await mkdir(dirname(path(name)), { recursive: true, mode: 0o700 });
    await writeFile(path(name), content, { mode: 0o600 });
  };
  await writeFile(join(directory, 'agentctl.yaml'), config);
  return {
    directory,
    stateDirectory,
    path,
    write,
    lock: (holder) => write('lock.json', JSON.stringify(lockHolder(holder))),
    async journal(runId) {
      const journal = await createJournal(path(`runs/${runId}.ndjson`), {
        journalVersion,
        runId,
        command: 'agentctl deploy --cloud local --yes',
        startedAt: at,
        plan: buildPlan(runId),
      });
      await journal.append({ type: 'run.started', runId, planHash: 'hash', at });
      await journal.append({ type: 'step.started', step: 'build', attempt: 1, at });
      await journal.append({ type: 'step.log', step: 'build', line: 'größer als zuvor', at });
      await journal.close();
    },
  };
}

/** A holder on this host whose process never was. */
export function lockHolder(more: Partial<LockHolder> = {}): LockHolder {
  return {
    lockVersion,
    token: 'a-token',
    user: 'ann',
    host: hostname(),
    pid: 4_194_000,
    processStart: 'before-the-flood',
    runId: 'run-1',
    command: 'agentctl deploy --cloud local --yes',
    since: new Date(Date.now() - 180_000).toISOString(),
    ...more,
  };
}

const at = '2026-01-01T00:00:00.000Z';

const minimalConfig = `name: support-agent
secrets: [API_TOKEN]
services:
  api: { command: [node, a.mjs] }
clouds: { local: {} }
`;

function buildPlan(runId: string): Plan {
  const builder = new PlanBuilder();
  builder.add('build', buildArtifact, { context: '.', build: [], digest: 'sha256:00' });
  return builder.build({
    action: 'deploy',
    runId,
    madeAt: at,
    target: 'local',
    stage: 'local',
    name: 'support-agent',
    specHash: 'spec',
    base: { release: null },
    release: 'r1',
  });
}
