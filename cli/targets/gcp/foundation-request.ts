import type { AgentSpec } from '../../../stacks/spec/index.js';
import type { DeferredInputs } from '../../plan/reference.js';
import type { StageRequest } from '../../steps/gcp/stage-request.js';
import type { GcpStageFacts } from './gcp-facts.js';

/** Pure: what the foundation is synthesized from: it does not know what runs on it. */
export function foundationRequest<Versions extends DeferredInputs<StageRequest>['secretVersions']>(
  spec: AgentSpec,
  { scope, databaseSuffix }: Pick<GcpStageFacts, 'scope' | 'databaseSuffix'>,
  secretVersions: Versions,
) {
  return {
    spec,
    stage: scope.stage,
    release: null,
    images: {},
    secretVersions,
    protect: true,
    ...(databaseSuffix === undefined ? {} : { databaseSuffix }),
  } as const;
}
