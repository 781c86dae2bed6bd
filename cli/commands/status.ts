import type { CommandContext, CommonOptions } from '../command-context.js';
import type { CommandResult } from '../io/io.js';
import { statusText } from '../report/status-text.js';
import { openRun } from '../resumable-run.js';
import { openStage } from '../stage.js';
import { lastReleased } from '../ledger/release-record.js';
import { warnOfDamage } from '../warn-of-damage.js';

/** What runs now. Exit 0 whatever it finds; the state is in the answer. */
export async function status(options: CommonOptions, context: CommandContext): Promise<CommandResult> {
  const { target, stage, name, flags } = await openStage(options, context);
  const [now, records, run] = await Promise.all([target.status(), target.ledger.list(), openRun(target)]);
  await warnOfDamage(target, context.io);
  const record = now.release === null ? undefined : records.find(({ id }) => id === now.release);
  const last = record ?? lastReleased(records);
  const lastRelease =
    last === undefined ? null : { id: last.id, createdAt: last.createdAt, by: last.by, git: last.git };
  const data = { name, target: target.kind, stage, ...now, lastRelease, run: run ?? null };
  return { exitCode: 0, text: statusText({ ...data, flags, now: new Date() }), data: { status: data } };
}
