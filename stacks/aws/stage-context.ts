import type { AgentSpec, AwsSpec } from '../spec/index.js';
import type { StageScope } from './naming.js';
import type { EnvironmentScope } from '../stage/atomic-template.js';
import type { SynthRequest } from './synth-request.js';

export { isPublic } from '../stage/is-public.js';

/** What every part of the stacks is computed from. */
export interface StageContext extends EnvironmentScope {
  /** Name and stage: what everything is named after. */
  readonly scope: StageScope;
  readonly aws: AwsSpec;
  /** By the keys of `imageSources`; what is absent was not built yet. */
  readonly images: Readonly<Record<string, string>>;
  readonly secretsMarker: string | null;
}

/** The context of a request. Throws without `clouds.aws`, which the spec’s rules ask for. */
export function stageContext({ spec, stage, release, images, secretsMarker }: SynthRequest): StageContext {
  return {
    spec,
    stage,
    release,
    images,
    secretsMarker,
    scope: { name: spec.name, stage },
    aws: awsSettings(spec),
  };
}

function awsSettings({ clouds }: Pick<AgentSpec, 'clouds'>): AwsSpec {
  if (clouds.aws === undefined) throw new Error('the spec has no clouds.aws');
  return clouds.aws;
}

/** Whether the public address is HTTPS. */
export function hasTls({ spec, aws }: Pick<StageContext, 'spec' | 'aws'>): boolean {
  return spec.domain !== undefined && aws.plainHttp !== true;
}
