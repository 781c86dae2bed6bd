import type { CommandContext, CommonOptions } from '../command-context.js';
import type { CommandResult } from '../io/io.js';
import type { ReleaseRecord } from '../ledger/release-record.js';
import { releasesText } from '../report/releases-text.js';
import { openStage } from '../stage.js';

/** Every release of a stage, newest first. */
export async function releases(options: CommonOptions, context: CommandContext): Promise<CommandResult> {
  const { target, name, stage, flags } = await openStage(options, context);
  const { ledger } = target;
  const [{ release: serving }, records, damage] = await Promise.all([target.status(), ledger.list(), ledger.damaged()]);
  const shown = records.toReversed().map((record) => ({ ...withoutManifest(record), serving: record.id === serving }));
  const damaged = damage.map(({ id, problem }) => ({ id, message: problem.message, fix: problem.fix }));
  return {
    exitCode: 0,
    text: releasesText({ name, target: target.kind, stage, releases: shown, damaged, flags }),
    data: { name, target: target.kind, stage, releases: shown, damaged },
  };
}

/** The manifest is for the target, and long. */
function withoutManifest({ manifest, ...record }: ReleaseRecord): Omit<ReleaseRecord, 'manifest'> {
  void manifest;
  return record;
}
