import { parse } from 'yaml';
import { type AgentSpec, formatPath, parseSpec, type TargetKind, targetTitles } from '../spec/index.js';

/** Variables that tell an app what to synthesize. */
export interface AppEnvironment {
  /** The config file. @default agentctl.yaml */
  readonly AGENTCTL_FILE?: string | undefined;
  /** @default production */
  readonly AGENTCTL_STAGE?: string | undefined;
}

/**
 * The spec of a plain `cdk synth` or `cdktf synth`. Throws an Error with every problem of the file; `agentctl validate` shows
 * them with their lines.
 */
export function appSpec(
  environment: AppEnvironment,
  read: (file: string) => string,
  target: TargetKind,
): { readonly spec: AgentSpec; readonly stage: string } {
  const { AGENTCTL_FILE: file = 'agentctl.yaml', AGENTCTL_STAGE: stage = 'production' } = environment;
  const parsed = parseSpec(parse(read(file)), { stage, target });
  if (parsed.kind === 'invalid') {
    const problems = parsed.problems.map(({ path, message }) => `  ${formatPath(path)}: ${message}`);
    throw new Error([`${file} cannot be deployed to ${targetTitles[target]}, stage ${stage}:`, ...problems].join('\n'));
  }
  return { spec: parsed.spec, stage };
}
