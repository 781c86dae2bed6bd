import { appSpec, type AppEnvironment } from '../stage/app-spec.js';
import type { SynthRequest } from './synth-request.js';

/**
 * The request of a plain `cdktf synth`: no release, and images only where the file names them by digest. Throws an Error with
 * every problem of the file; `agentctl validate` shows them with their lines.
 */
export function requestFromFile(
  environment: AppEnvironment & { readonly CDKTF_OUTDIR?: string | undefined },
  read: (file: string) => string,
): SynthRequest {
  const { spec, stage } = appSpec(environment, read, 'gcp');
  const outdir = environment.CDKTF_OUTDIR ?? 'cdktf.out';
  return { spec, stage, release: null, images: {}, secretVersions: {}, protect: true, outdir };
}
