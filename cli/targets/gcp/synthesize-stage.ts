import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stackKinds, type StackKind, stackName } from '../../../stacks/gcp/naming.js';
import { type Configuration, policyFindings, resourcesOf } from '../../../stacks/gcp/policy/index.js';
import { type AgentSpec, imageSources } from '../../../stacks/spec/index.js';
import type { StartedProgram } from '../../tools/programs/start-program.js';
import { synthesize } from '../../tools/synth/index.js';

export interface SynthesizeStageOptions {
  /** `bin/synth-gcp`, which waits for its request. */
  readonly program: StartedProgram;
  readonly spec: AgentSpec;
  readonly stage: string;
  /** Absolute; where the CDKTF output goes. */
  readonly outdir: string;
  readonly signal: AbortSignal;
}

/** What is wrong with a configuration. */
export interface ConfigurationProblem {
  readonly stack: string;
  readonly rule: string;
  readonly severity: 'error';
  readonly message: string;
  /** Address of the resource. */
  readonly logicalId: string;
}

/** A Terraform configuration of a stage. */
export interface SynthesizedConfiguration {
  readonly kind: StackKind;
  readonly name: string;
  /** cdk.tf.json, as it was written. */
  readonly text: string;
  readonly resources: number;
}

/** What was synthesized of a stage. */
export interface SynthesizedStage {
  /** In the order they are deployed. */
  readonly stacks: readonly SynthesizedConfiguration[];
  readonly problems: readonly ConfigurationProblem[];
  /** Sources whose image is known only when it is built; the configurations have a digest of zeros. */
  readonly unknownImages: readonly string[];
}

/** Writes the configurations of a stage and looks at them. Needs no credentials, no network and no terraform. */
export async function synthesizeStage(options: SynthesizeStageOptions): Promise<SynthesizedStage> {
  const { program, spec, stage, outdir, signal } = options;
  const sources = Object.entries(imageSources(spec));
  const images = Object.fromEntries(
    sources.flatMap(([source, image]) => (image.kind === 'ref' ? [[source, image.ref]] : [])),
  );
  const request = { spec, stage, release: null, images, secretVersions: {}, protect: true, outdir };
  await synthesize('gcp', program, request, signal);
  const written = await readdir(join(outdir, 'stacks'));
  const looked = await Promise.all(
    stackKinds.flatMap((kind) => {
      const name = stackName({ name: spec.name, stage }, kind);
      return written.includes(name) ? [look(outdir, kind, name)] : [];
    }),
  );
  return {
    stacks: looked.map(({ stack }) => stack),
    problems: looked.flatMap(({ problems }) => problems),
    unknownImages: sources.flatMap(([source, image]) => (image.kind === 'ref' ? [] : [source])),
  };
}

async function look(outdir: string, kind: StackKind, name: string) {
  const text = await readFile(join(outdir, 'stacks', name, 'cdk.tf.json'), 'utf8');
  const configuration: Configuration = JSON.parse(text);
  const problems = policyFindings(configuration).map(({ rule, message, address }): ConfigurationProblem => {
    return { stack: name, rule, severity: 'error', message, logicalId: address };
  });
  return { stack: { kind, name, text, resources: resourcesOf(configuration).length }, problems };
}
