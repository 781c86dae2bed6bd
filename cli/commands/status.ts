import type { CommandContext, CommonOptions } from '../command-context.js';
import type { CommandResult } from '../io/io.js';
import { openProject } from '../project.js';
import { statusText } from '../report/status-text.js';
import { lastReleased } from '../ledger/release-record.js';

/** What runs now. Exit 0 whatever it finds; the state is in the answer. */
export async function status(options: CommonOptions, context: CommandContext): Promise<CommandResult> {
  const { target, stage, spec, flags } = await openProject(options, context);
  const [now, records] = await Promise.all([target.status(), target.ledger.list()]);
  const record = now.release === null ? undefined : records.find(({ id }) => id === now.release);
  const last = record ?? lastReleased(records);
  const lastRelease =
    last === undefined ? null : { id: last.id, createdAt: last.createdAt, by: last.by, git: last.git };
  const data = { name: spec.name, target: target.kind, stage, ...now, lastRelease };
  return { exitCode: 0, text: statusText({ ...data, flags, now: new Date() }), data: { status: data } };
}
