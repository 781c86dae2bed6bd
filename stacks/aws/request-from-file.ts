import { appSpec, type AppEnvironment } from '../stage/app-spec.js';
import type { SynthRequest } from './synth-request.js';

/**
 * The request of a plain `cdk synth`: no release, and images only where the file names them by digest. Throws an Error with
 * every problem of the file; `agentctl validate` shows them with their lines.
 */
export function requestFromFile(
  environment: AppEnvironment & { readonly CDK_OUTDIR?: string | undefined },
  read: (file: string) => string,
): SynthRequest {
  const { spec, stage } = appSpec(environment, read, 'aws');
  const outdir = environment.CDK_OUTDIR ?? 'cdk.out';
  return { spec, stage, release: null, images: {}, secretsMarker: null, outdir };
}
