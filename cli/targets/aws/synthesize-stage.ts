import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stackKinds, stackName } from '../../../stacks/aws/naming.js';
import { policyFindings, type Template } from '../../../stacks/aws/policy/index.js';
import { type AgentSpec, imageSources } from '../../../stacks/spec/index.js';
import { validateTemplates } from '../../tools/programs/validate-templates.js';
import type { StartedProgram } from '../../tools/programs/start-program.js';
import { synthesize } from '../../tools/synth/index.js';

export interface SynthesizeStageOptions {
  /** `bin/synth-aws`, which waits for its request. */
  readonly program: StartedProgram;
  readonly spec: AgentSpec;
  readonly stage: string;
  /** Absolute; where the cloud assembly goes. */
  readonly outdir: string;
  /** Absolute; where an earlier synthesis of the stage is. @default - `outdir` */
  readonly earlier?: string;
  /** Absolute; findings are kept here by the content of their template. */
  readonly cacheDirectory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

/** What is wrong with a template, or may be. */
export interface TemplateProblem {
  readonly stack: string;
  /** Of CloudFormation Validate, or of ours. */
  readonly rule: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly logicalId?: string | undefined;
}

/** What was synthesized of a stage. */
export interface SynthesizedStage {
  /** Name of each stack, in the order they are deployed, with the number of its resources. */
  readonly stacks: readonly { readonly name: string; readonly file: string; readonly resources: number }[];
  readonly problems: readonly TemplateProblem[];
  /** Sources whose image is known only when it is built; the templates have a digest of zeros. */
  readonly unknownImages: readonly string[];
}

/** Writes the templates of a stage and looks at them. Needs neither credentials nor a network. */
export async function synthesizeStage(options: SynthesizeStageOptions): Promise<SynthesizedStage> {
  const { program, spec, stage, outdir, cacheDirectory, environment, signal } = options;
  const sources = Object.entries(imageSources(spec));
  const images = Object.fromEntries(
    sources.flatMap(([source, image]) => (image.kind === 'ref' ? [[source, image.ref]] : [])),
  );
  const named = stackKinds.map((kind) => stackName({ name: spec.name, stage }, kind));
  const files = named.map((name) => ({ name, file: join(outdir, `${name}.template.json`) }));
  // The validator comes up beside synthesis; for a stage that was synthesized before, most likely it knows every template.
  const isLikelyKnown =
    named.some((name) => existsSync(join(options.earlier ?? outdir, `${name}.template.json`))) &&
    existsSync(cacheDirectory);
  const request = { spec, stage, release: null, images, secretsMarker: null, outdir };
  const written = synthesize('aws', program, request, signal).then(() => files.filter(({ file }) => existsSync(file)));
  const templates = written.then((there) => there.map(({ file }) => file));
  const [there, validated] = await Promise.all([
    written,
    validateTemplates({ templates, cacheDirectory, isLikelyKnown, environment, signal }),
  ]);
  const looked = await Promise.all(
    there.map(async ({ name, file }) => {
      const template: Template = JSON.parse(await readFile(file, 'utf8'));
      const found = validated.find(({ path }) => path === file)?.findings ?? [];
      const ours = policyFindings(template).map((finding) => ({ ...finding, severity: 'error' as const }));
      const problems = [...ours, ...found].map(({ rule, severity, message, logicalId }) => {
        return { stack: name, rule, severity, message, logicalId };
      });
      return { stack: { name, file, resources: Object.keys(template.Resources ?? {}).length }, problems };
    }),
  );
  return {
    stacks: looked.map(({ stack }) => stack),
    problems: looked.flatMap(({ problems }) => problems),
    unknownImages: sources.flatMap(([source, image]) => (image.kind === 'ref' ? [] : [source])),
  };
}
