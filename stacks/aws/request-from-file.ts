import { parse } from 'yaml';
import { formatPath, parseSpec } from '../spec/index.js';
import type { SynthRequest } from './synth-request.js';

/** Variables that tell the app what to synthesize, and those that the `cdk` command sets. */
export interface AppEnvironment {
  /** The config file. @default agentctl.yaml */
  readonly AGENTCTL_FILE?: string | undefined;
  /** @default production */
  readonly AGENTCTL_STAGE?: string | undefined;
  /** Set by the `cdk` command. @default cdk.out */
  readonly CDK_OUTDIR?: string | undefined;
}

/**
 * The request of a plain `cdk synth`: no release, and images only where the file names them by digest. Throws an Error with
 * every problem of the file; `agentctl validate` shows them with their lines.
 */
export function requestFromFile(environment: AppEnvironment, read: (file: string) => string): SynthRequest {
  const { AGENTCTL_FILE: file = 'agentctl.yaml', AGENTCTL_STAGE: stage = 'production' } = environment;
  const parsed = parseSpec(parse(read(file)), { stage, target: 'aws' });
  if (parsed.kind === 'invalid') {
    const problems = parsed.problems.map(({ path, message }) => `  ${formatPath(path)}: ${message}`);
    throw new Error([`${file} cannot be deployed to AWS, stage ${stage}:`, ...problems].join('\n'));
  }
  const outdir = environment.CDK_OUTDIR ?? 'cdk.out';
  return { spec: parsed.spec, stage, release: null, images: {}, secretsMarker: null, outdir };
}
