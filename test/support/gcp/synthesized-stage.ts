import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { agentApp } from '../../../stacks/gcp/agent-app.js';
import type { Configuration } from '../../../stacks/gcp/policy/configuration.js';
import type { SynthRequest } from '../../../stacks/gcp/synth-request.js';
import { type AgentSpec, parseSpec } from '../../../stacks/spec/index.js';

/** One stack of a stage. */
export interface SynthesizedStack {
  readonly stack: string;
  readonly text: string;
  readonly configuration: Configuration;
}

/** The spec of a config file for Google Cloud; a file that does not name the cloud gets a project and a region. */
export function gcpSpec(file: string, stage = 'production'): AgentSpec {
  const input = parse(readFileSync(file, 'utf8')) as { clouds?: Record<string, unknown> };
  const gcp = input.clouds?.['gcp'] ?? { project: 'my-project', region: 'us-central1' };
  // What is merged in from a stage stays as it is.
  const parsed = parseSpec(parse(stringify({ ...input, clouds: { ...input.clouds, gcp } })), { stage, target: 'gcp' });
  if (parsed.kind === 'invalid') throw new Error(JSON.stringify(parsed.problems, undefined, 1));
  return parsed.spec;
}

/** The stacks of a spec, by kind. */
export function synthesizedStage(
  spec: AgentSpec,
  stage = 'production',
  about: Partial<SynthRequest> = {},
): Readonly<Record<string, SynthesizedStack>> {
  const outdir = mkdtempSync(join(tmpdir(), 'agentctl-gcp-'));
  try {
    const request = { spec, stage, release: null, images: {}, secretVersions: {}, protect: true, ...about, outdir };
    withoutStackTraces(() => agentApp(request).synth());
    return Object.fromEntries(
      readdirSync(join(outdir, 'stacks')).map((stack) => {
        const text = readFileSync(join(outdir, 'stacks', stack, 'cdk.tf.json'), 'utf8');
        const kind = stack.slice(stack.lastIndexOf('-') + 1);
        return [kind, { stack, text, configuration: JSON.parse(text) as Configuration }];
      }),
    );
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** As bin/synth-gcp does: cdktf notes where each token was made. */
function withoutStackTraces(work: () => void): void {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    work();
  } finally {
    Error.stackTraceLimit = limit;
  }
}
