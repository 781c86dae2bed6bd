import type { AgentSpec, GcpSpec } from '../spec/index.js';
import type { EnvironmentScope } from '../stage/atomic-template.js';
import type { StageScope } from './naming.js';
import { type SynthRequest, unknownVersion } from './synth-request.js';

/** What every part of the stacks is computed from. */
export interface StageContext extends EnvironmentScope {
  /** Name and stage: what everything is named after. */
  readonly scope: StageScope;
  readonly gcp: GcpSpec;
  /** By the keys of `imageSources`; what is absent was not built yet. */
  readonly images: Readonly<Record<string, string>>;
  /** The version of a secret that containers get. */
  readonly versionOf: (secret: string) => string;
  /** Whether what holds data refuses to be destroyed. */
  readonly protect: boolean;
  /** Of the name of the database. */
  readonly databaseSuffix: string | undefined;
}

/** The context of a request. Throws without `clouds.gcp`, which the spec’s rules ask for. */
export function stageContext({
  spec,
  stage,
  release,
  images,
  secretVersions,
  protect,
  databaseSuffix,
}: SynthRequest): StageContext {
  const gcp = gcpSettings(spec);
  return {
    spec,
    stage,
    release,
    images,
    versionOf: (secret) =>
      (Object.hasOwn(secretVersions, secret) ? secretVersions[secret] : undefined) ?? unknownVersion,
    protect: protect && gcp.deletionProtection,
    databaseSuffix,
    scope: { name: spec.name, stage },
    gcp,
  };
}

function gcpSettings({ clouds }: Pick<AgentSpec, 'clouds'>): GcpSpec {
  if (clouds.gcp === undefined) throw new Error('the spec has no clouds.gcp');
  return clouds.gcp;
}
