import { randomBytes } from 'node:crypto';
import { join, relative, resolve, sep } from 'node:path';
import dockerignore from '@balena/dockerignore';
import {
  caddyfile,
  composeYaml,
  environmentFile,
  gatewayRoutes,
  publishedPort,
} from '../../stacks/local/compose/index.js';
import { processPlan } from '../../stacks/local/process-plan.js';
import { type AgentSpec, imageOf, type ImageSpec } from '../../stacks/spec/index.js';
import type { CommandContext } from '../command-context.js';
import type { CommandResult } from '../io/io.js';
import type { CheckedFile } from '../project.js';
import { quotedForShell } from '../quoted-for-shell.js';
import { fileLines, makeDirectory, type OutputFile, readText, writeFiles, type WrittenFile } from './output-files.js';

/** Version of the shape of processes.json. */
const processPlanVersion = 1;

/**
 * A Compose project that runs without agentctl, and the plan of the process runtime. Running it again changes nothing.
 */
export async function synthLocal(
  project: CheckedFile,
  directory: string,
  context: CommandContext,
): Promise<CommandResult> {
  await makeDirectory(directory);
  const environment = environmentFile(project, await readText(join(directory, '.env')), newPassword);
  const files = await writeFiles(directory, outputFiles(project, directory, environment.text));
  for (const warning of await leaks(project, directory)) context.io.warn(warning);

  const missing = environment.missing.filter((name) => (context.environment[name] ?? '') === '');
  const shown = relative(context.workingDirectory, directory) || '.';
  return { exitCode: 0, text: resultText(project.spec, shown, files, missing), data: { directory, files, missing } };
}

function outputFiles(project: CheckedFile, directory: string, environment: string): readonly OutputFile[] {
  const { spec, stage } = project;
  const compose = composeYaml({
    spec,
    stage,
    projectPath: slashed(relative(directory, project.directory)) || '.',
    environmentFile: slashed(join(relative(project.directory, directory), '.env')),
  });
  // A spec for containers was not checked for what plain processes can do.
  const plan =
    spec.clouds.local?.runtime === 'docker' ? undefined : { processPlanVersion, ...processPlan(spec, stage) };
  return [
    { name: 'compose.yaml', text: compose, mode: 0o644 },
    { name: 'Caddyfile', text: caddyfile(spec), mode: 0o644 },
    { name: 'processes.json', text: plan && `${JSON.stringify(plan, null, 2)}\n`, mode: 0o644 },
    { name: '.env', text: environment, mode: 0o600 },
    { name: '.gitignore', text: '.env\n', mode: 0o644 },
  ];
}

/** One warning per build context that would take the `.env` file into an image. */
async function leaks(
  { spec, directory: projectDirectory }: CheckedFile,
  directory: string,
): Promise<readonly string[]> {
  const workloads = [...Object.values(spec.services), ...Object.values(spec.schedules), ...spec.migrations];
  const images = workloads.map((workload) => imageOf(spec, workload));
  const builds = images.flatMap((image): Extract<ImageSpec, { kind: 'build' }>[] =>
    image.kind === 'build' ? [image] : [],
  );
  const found = await Promise.all(
    builds.map(async ({ context, dockerfile }) => {
      const root = resolve(projectDirectory, context);
      const file = slashed(relative(root, join(directory, '.env')));
      if (file.startsWith('../')) return [];
      const own = await readText(join(root, `${dockerfile}.dockerignore`));
      const patterns = own ?? (await readText(join(root, '.dockerignore'))) ?? '';
      if (dockerignore.default({ ignorecase: false }).add(patterns.split('\n')).ignores(file)) return [];
      const ignore = relative(projectDirectory, join(root, '.dockerignore'));
      const path = file.startsWith('.agentctl/') ? '.agentctl' : file;
      return [`a build with "COPY . ." would take ${file} into the image: add ${path} to ${ignore}`];
    }),
  );
  return [...new Set(found.flat())];
}

function resultText(spec: AgentSpec, shown: string, files: readonly WrittenFile[], missing: readonly string[]): string {
  const compose = slashed(join(shown, 'compose.yaml'));
  return [
    `${slashed(shown)}/`,
    ...fileLines(files),
    '',
    ...(missing.length === 0 ? [] : [`Set ${missing.join(', ')} in ${slashed(join(shown, '.env'))}, then run it:`]),
    ...(missing.length === 0 ? ['Run it:'] : []),
    `  docker compose -f ${quotedForShell(compose)} up --build`,
    ...(gatewayRoutes(spec).length === 0 ? [] : [`It answers on http://127.0.0.1:${publishedPort(spec)}`]),
  ].join('\n');
}

function slashed(path: string): string {
  return path.split(sep).join('/');
}

/** 256 bits, in characters that stand in a URL as they are. */
function newPassword(): string {
  return randomBytes(32).toString('base64url');
}
