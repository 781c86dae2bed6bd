import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { stackKinds } from '../../stacks/gcp/naming.js';
import type { CommandContext } from '../command-context.js';
import type { CommandResult } from '../io/io.js';
import type { CheckedFile } from '../project.js';
import { providerLockFile } from '../targets/gcp/provider-lock.js';
import { type SynthesizedStage, synthesizeStage } from '../targets/gcp/synthesize-stage.js';
import type { StartedProgram } from '../tools/programs/start-program.js';
import { gcpReadme } from './gcp-readme.js';
import { fileLines, makeDirectory, type OutputFile, writeFiles } from './output-files.js';
import { refuseErrors } from './template-problems.js';

/**
 * Terraform configurations, a directory for each state, which `terraform` or `tofu` applies without agentctl, and a README that
 * says how. Neither credentials nor a network are needed, nor terraform.
 *
 * @throws Refused when a configuration breaks a rule; BuildFailed when there is none
 */
export async function synthGcp(
  project: CheckedFile,
  directory: string,
  program: StartedProgram,
  context: CommandContext,
): Promise<CommandResult> {
  await makeDirectory(directory);
  const { spec, stage } = project;
  const { interrupt } = context;
  const draft = await mkdtemp(join(directory, '.draft-'));
  try {
    const made = await synthesizeStage({ program, spec, stage, outdir: draft, signal: interrupt.signal });
    const lockFile = providerLockFile();
    const lock = lockFile === undefined ? undefined : await readFile(lockFile, 'utf8');
    const readme = gcpReadme({ spec, stage, release: null }, { hasLock: lock !== undefined });
    const files = await writeFiles(directory, outputFiles(made, readme, lock));
    refuseErrors(made.problems);
    const shown = relative(context.workingDirectory, directory) || '.';
    const lines = [
      `${shown}/`,
      ...fileLines(files),
      '',
      ...(made.unknownImages.length === 0
        ? []
        : ['Images that have to be built first have a digest of zeros; put the real one in before you apply.']),
      `${shown}/README.md says how to apply this with terraform. To have agentctl do it is an experiment: docs/gcp.md.`,
    ];
    const { problems, unknownImages } = made;
    const stacks = made.stacks.map(({ kind, name, resources }) => {
      return { name, file: join(directory, kind, 'cdk.tf.json'), resources };
    });
    return { exitCode: 0, text: lines.join('\n'), data: { directory, files, stacks, problems, unknownImages } };
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

function outputFiles({ stacks }: SynthesizedStage, readme: string, lock: string | undefined): readonly OutputFile[] {
  const configurations = stackKinds.map((kind): OutputFile => {
    // A stage without migrations has no stack for them.
    const text = stacks.find((stack) => stack.kind === kind)?.text;
    return { name: `${kind}/cdk.tf.json`, text, mode: 0o644 };
  });
  return [
    ...configurations.filter(({ name, text }) => text !== undefined || name.startsWith('migrations/')),
    // One that `terraform init` wrote stays.
    ...(lock === undefined
      ? []
      : stacks.map(({ kind }) => ({ name: `${kind}/.terraform.lock.hcl`, text: lock, mode: 0o644 }))),
    { name: 'README.md', text: readme, mode: 0o644 },
    // What terraform keeps beside a configuration; the lock file is to be committed.
    { name: '.gitignore', text: '.terraform/\n*.tfstate\n*.tfstate.*\n*.tfplan\n', mode: 0o644 },
  ];
}
