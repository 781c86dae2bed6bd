import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { AgentSpec } from '../../stacks/spec/index.js';
import type { CommandContext } from '../command-context.js';
import type { CommandResult } from '../io/io.js';
import type { CheckedFile } from '../project.js';
import { synthesizeStage } from '../targets/aws/synthesize-stage.js';
import type { StartedProgram } from '../tools/programs/start-program.js';
import { awsReadme } from './aws-readme.js';
import { fileLines, makeDirectory, type OutputFile, writeFiles } from './output-files.js';
import { problemText, refuseErrors } from './template-problems.js';

/** Files of a cloud assembly. */
const assemblyFiles = /^(cdk\.out|manifest\.json|.+\.(template|assets|metadata)\.json)$/;

/**
 * CloudFormation templates with a manifest, which the `cdk` command deploys without agentctl, and a README that says how.
 * Neither credentials nor a network are needed.
 *
 * @throws Refused when a template breaks a rule; BuildFailed when there is none
 */
export async function synthAws(
  project: CheckedFile,
  directory: string,
  program: StartedProgram,
  context: CommandContext,
): Promise<CommandResult> {
  await makeDirectory(directory);
  const { spec, stage } = project;
  const { environment, interrupt, io } = context;
  // Made beside, and put in place file by file, so that what has not changed is not touched.
  const draft = await mkdtemp(join(directory, '.draft-'));
  try {
    const cacheDirectory = join(project.directory, '.agentctl', 'cache', 'validate');
    const { signal } = interrupt;
    const where = { outdir: draft, earlier: directory, cacheDirectory };
    const made = await synthesizeStage({ program, spec, stage, ...where, environment, signal });
    const files = await writeFiles(directory, await outputFiles({ spec, stage }, draft, directory));
    refuseErrors(made.problems);
    for (const problem of made.problems) io.warn(problemText(problem));
    const shown = relative(context.workingDirectory, directory) || '.';
    const lines = [
      `${shown}/`,
      ...fileLines(files),
      '',
      ...(made.unknownImages.length === 0
        ? []
        : ['Images that have to be built first have a digest of zeros; a deploy puts the real one in.']),
      `${shown}/README.md says how to deploy this without agentctl.`,
    ];
    const { stacks, problems, unknownImages } = made;
    return { exitCode: 0, text: lines.join('\n'), data: { directory, files, stacks, problems, unknownImages } };
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** The assembly in the draft, files of an earlier one that are in it no more, and what stands beside it. */
async function outputFiles(
  about: { readonly spec: AgentSpec; readonly stage: string },
  draft: string,
  directory: string,
): Promise<readonly OutputFile[]> {
  const names = await filesIn(draft);
  const before = (await filesIn(directory)).filter((name) => assemblyFiles.test(name));
  const assembly = await Promise.all(
    [...new Set([...names, ...before])].toSorted().map(async (name): Promise<OutputFile> => {
      const text = names.includes(name) ? await readFile(join(draft, name), 'utf8') : undefined;
      return { name, text, mode: 0o644 };
    }),
  );
  const settings = { app: '.', versionReporting: false };
  return [
    ...assembly,
    { name: 'cdk.json', text: `${JSON.stringify(settings, null, 2)}\n`, mode: 0o644 },
    { name: 'README.md', text: awsReadme({ ...about, release: null }), mode: 0o644 },
  ];
}

async function filesIn(directory: string): Promise<readonly string[]> {
  if (!existsSync(directory)) return [];
  const entries = await readdir(directory, { withFileTypes: true });
  return entries.flatMap((entry) => (entry.isFile() ? [entry.name] : []));
}
