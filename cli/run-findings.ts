import { readdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { readJournal } from './engine/journal.js';
import { heartbeatText, holderText, isSilent } from './engine/lock-text.js';
import { findStageLock, type LockPlace } from './engine/stage-lock.js';
import { type AgentctlError, isAgentctlError } from './errors.js';
import { isHolderAlive, lockPlaceOf } from './run-plan.js';
import type { Finding, Target } from './targets/target.js';

/** Looks at what runs have left of themselves: lock, ledger and journals. Finds nothing when all is well. */
export async function runFindings(target: Target, flags: string): Promise<readonly Finding[]> {
  const { stateDirectory, ledger } = target;
  const damaged = await ledger.damaged();
  return [
    ...(await lockFindings(lockPlaceOf(target), flags)),
    ...damaged.map(({ problem }) => finding('ledger', 'problem', problem)),
    ...(await journalFindings(join(stateDirectory, 'runs'))),
  ];
}

async function lockFindings(place: LockPlace, flags: string): Promise<readonly Finding[]> {
  const lock = await findStageLock(place);
  if (lock.kind === 'none') return [];
  if (lock.kind === 'unreadable') return [finding('lock', 'problem', lock.problem)];
  const { holder } = lock;
  const now = Date.now();
  const isHere = holder.host === hostname();
  const isGone = isHere ? !isHolderAlive(holder) : isSilent(lock, now);
  const message = `held by ${holderText(holder)}, ${heartbeatText(lock, now)}: ${holder.command}`;
  if (!isGone) return [{ level: 'ok', subject: 'lock', message }];
  const fix = isHere ? 'that process is gone; the next run takes the lock over' : `agentctl unlock ${flags}`;
  return [{ level: 'warning', subject: 'lock', message, fix }];
}

/** A journal is needed only to go on with its run. */
async function journalFindings(directory: string): Promise<readonly Finding[]> {
  const names = (await readdir(directory).catch(() => [])).filter((name) => name.endsWith('.ndjson'));
  const findings: Finding[] = [];
  for (const name of names) {
    try {
      await readJournal(join(directory, name));
    } catch (error) {
      if (isAgentctlError(error)) findings.push(finding('journal', 'warning', error));
    }
  }
  return findings;
}

function finding(subject: string, level: Finding['level'], { message, fix }: AgentctlError): Finding {
  return { level, subject, message, fix };
}
