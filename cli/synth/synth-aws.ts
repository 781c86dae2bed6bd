import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { imageSources } from '../../stacks/spec/index.js';
import { policyFindings, type Template } from '../../stacks/aws/policy/index.js';
import type { SynthRequest } from '../../stacks/aws/synth-request.js';
import type { CommandContext } from '../command-context.js';
import { AgentctlError } from '../errors.js';
import type { CommandResult } from '../io/io.js';
import type { Project } from '../project.js';
import { validateTemplates } from '../tools/programs/validate-templates.js';
import { synthesizeAws } from '../tools/synth/index.js';
import { awsReadme } from './aws-readme.js';
import { fileLines, makeDirectory, type OutputFile, writeFiles } from './output-files.js';

/** Where the cloud assembly is within the output. */
const assemblyName = 'cloud-assembly';

/** What is wrong with the templates. */
interface PolicyFinding {
  readonly stack: string;
  readonly rule: string;
  readonly severity: 'error' | 'warning';
  readonly logicalId: string | undefined;
  readonly message: string;
}

/**
 * CloudFormation templates with a manifest, which the `cdk` command deploys without agentctl, and a README that says how.
 * Neither credentials nor a network are needed.
 *
 * @throws Refused when a template breaks a rule; BuildFailed when there is none
 */
export async function synthAws(project: Project, directory: string, context: CommandContext): Promise<CommandResult> {
  await makeDirectory(directory);
  const { spec, stage } = project;
  const { environment, interrupt } = context;
  const request: Omit<SynthRequest, 'outdir'> = { spec, stage, release: null, images: {}, secretsMarker: null };

  // Made beside, and put in place file by file, so that what has not changed is not touched.
  const draft = await mkdtemp(join(directory, '.draft-'));
  try {
    const made = synthesizeAws({ ...request, outdir: draft }, environment, interrupt.signal).then(async () =>
      (await templatesIn(draft)).map((name) => join(draft, name)),
    );
    const validated = await validateTemplates({
      templates: made,
      cacheDirectory: join(project.directory, '.agentctl', 'cache', 'validate'),
      isLikelyKnown: existsSync(join(directory, assemblyName, 'manifest.json')),
      signal: interrupt.signal,
    });
    const files = await writeFiles(directory, await outputFiles(request, draft, directory));
    const found = [
      ...(await ownFindings(draft)),
      ...validated.flatMap(({ path, findings }) =>
        findings.map(({ rule, severity, message, logicalId }) => {
          return { stack: stackOf(path), rule, severity, message, logicalId };
        }),
      ),
    ];
    refuseErrors(found);
    for (const finding of found) context.io.warn(findingLine(finding));
    const unknown = unbuiltImages(request);
    const shown = relative(context.workingDirectory, directory) || '.';
    const text = [
      `${shown}/`,
      ...fileLines(files),
      '',
      ...(unknown.length === 0
        ? []
        : [`Nothing was built: ${unknown.join(', ')} ${unknown.length === 1 ? 'has' : 'have'} a digest of zeros.`]),
      `${shown}/README.md says how to deploy this without agentctl.`,
    ].join('\n');
    return { exitCode: 0, text, data: { directory, files, findings: found, unbuilt: unknown } };
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function templatesIn(assembly: string): Promise<readonly string[]> {
  return (await readdir(assembly)).filter((name) => name.endsWith('.template.json')).toSorted();
}

/** The files of the draft, those of an earlier run that are in it no more, and what stands beside the assembly. */
async function outputFiles(
  request: Omit<SynthRequest, 'outdir'>,
  draft: string,
  directory: string,
): Promise<readonly OutputFile[]> {
  const names = await filesIn(draft);
  const before = await filesIn(join(directory, assemblyName));
  const assembly = await Promise.all(
    [...new Set([...names, ...before])].toSorted().map(async (name): Promise<OutputFile> => {
      const text = names.includes(name) ? await readFile(join(draft, name), 'utf8') : undefined;
      return { name: `${assemblyName}/${name}`, text, mode: 0o644 };
    }),
  );
  const settings = { app: assemblyName, versionReporting: false };
  return [
    ...assembly,
    { name: 'cdk.json', text: `${JSON.stringify(settings, null, 2)}\n`, mode: 0o644 },
    { name: 'README.md', text: awsReadme(request), mode: 0o644 },
  ];
}

async function filesIn(directory: string): Promise<readonly string[]> {
  if (!existsSync(directory)) return [];
  const entries = await readdir(directory, { withFileTypes: true });
  return entries.flatMap((entry) => (entry.isFile() ? [entry.name] : []));
}

async function ownFindings(draft: string): Promise<readonly PolicyFinding[]> {
  const found = (await templatesIn(draft)).map(async (name) => {
    const template = JSON.parse(await readFile(join(draft, name), 'utf8')) as Template;
    return policyFindings(template).map(({ rule, logicalId, message }): PolicyFinding => {
      return { stack: stackOf(name), rule, severity: 'error', logicalId, message };
    });
  });
  return (await Promise.all(found)).flat();
}

function refuseErrors(findings: readonly PolicyFinding[]): void {
  const errors = findings.filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return;
  throw new AgentctlError('Refused', `${errors.length} ${errors.length === 1 ? 'rule is' : 'rules are'} broken`, {
    fix: 'change what the lines above name; the templates were written, so that they can be looked at',
    detail: errors.map(findingLine).join('\n'),
    data: { findings: errors },
  });
}

function findingLine({ stack, rule, logicalId, message }: PolicyFinding): string {
  return `${stack}${logicalId === undefined ? '' : `, ${logicalId}`}: ${message} (${rule})`;
}

function stackOf(path: string): string {
  return path.replace(/^.*[/\\]/, '').replace(/\.template\.json$/, '');
}

/** Names of the images that a build would make. */
function unbuiltImages({ spec, images }: Pick<SynthRequest, 'spec' | 'images'>): readonly string[] {
  return Object.entries(imageSources(spec)).flatMap(([source, image]) =>
    image.kind === 'build' && images[source] === undefined ? [source === '.' ? spec.name : source] : [],
  );
}
