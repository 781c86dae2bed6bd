import { serviceRevisionOutput } from '../../../stacks/gcp/outputs.js';
import type { AgentSpec } from '../../../stacks/spec/index.js';
import type { ReleaseRecord } from '../../ledger/release-record.js';
import { recordedRelease } from './recorded-release.js';

/** Pure: the revisions that a release serves with, of the services that a spec has as well. */
export function revisionsBefore(record: ReleaseRecord, spec: AgentSpec): Record<string, string> {
  const { revisions } = recordedRelease(record);
  return Object.fromEntries(
    Object.keys(spec.services).flatMap((name) => {
      const revision = revisions[serviceRevisionOutput(name)];
      return revision === undefined ? [] : [[name, revision]];
    }),
  );
}
