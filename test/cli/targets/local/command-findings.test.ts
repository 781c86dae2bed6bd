import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { commandFindings } from '../../../../cli/targets/local/command-findings.js';
import { processPlan } from '../../../../stacks/local/process-plan.js';
import { agentSchema } from '../../../../stacks/spec/index.js';
import { temporaryDirectory } from '../../../support/temporary-directory.js';

interface Agent {
  readonly build?: readonly (readonly string[])[];
  readonly service?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly context?: string;
  /** Programs, relative to a directory that holds the project as `project` and is on the PATH as `bin`. */
  readonly programs?: readonly string[];
}

async function findingsOf({ build = [], service = ['serve'], env = {}, context = '.', programs = [] }: Agent) {
  const root = await temporaryDirectory();
  const directory = join(root, 'project');
  await mkdir(directory);
  for (const program of programs) {
    await mkdir(dirname(join(root, program)), { recursive: true });
    await writeFile(join(root, program), '');
    await chmod(join(root, program), 0o755);
  }
  const spec = agentSchema.parse({
    name: 'support-agent',
    image: { build: { context } },
    services: { api: { command: service, env } },
    clouds: { local: { process: { build } } },
  });
  const findings = commandFindings(processPlan(spec, 'local'), { directory, searchPath: join(root, 'bin') });
  return findings.map(({ level, subject, message }) => `${level} ${subject}: ${message.replaceAll(root, '')}`);
}

test.each<[string, Agent, readonly string[]]>([
  ['on the PATH', { build: [['npm', 'ci']], programs: ['bin/npm', 'bin/serve'] }, ['ok commands: npm, serve']],
  ['brought by the context', { programs: ['project/node_modules/.bin/serve'] }, ['ok commands: serve']],
  ['a file of the context', { service: ['bin/serve'], programs: ['project/bin/serve'] }, ['ok commands: bin/serve']],
  ['not there at all', {}, ['problem commands: serve (service api) is not on the PATH']],
  [
    'a file that is not there',
    { service: ['bin/serve'] },
    ['problem commands: bin/serve (service api) is not an executable file in /project'],
  ],
  [
    'what a build may bring',
    { build: [['npm', 'ci'], ['tsc']], service: ['.venv/bin/serve'], programs: ['bin/npm'] },
    [
      'ok commands: npm',
      'ok commands: tsc (clouds.local.process.build) is not here: the build has to bring it',
      'ok commands: .venv/bin/serve (service api) is not here: the build has to bring it',
    ],
  ],
  [
    'the first command of a build, which nothing can bring',
    { build: [['npm', 'ci']], programs: ['bin/serve'] },
    ['ok commands: serve', 'problem commands: npm (clouds.local.process.build) is not on the PATH'],
  ],
  ['with a PATH of its own', { env: { PATH: '/opt/agent' } }, []],
  ['in a context that is not there', { context: 'nowhere' }, ['problem build context: nowhere is not a directory']],
])('a program that is %s', async (_, agent, expected) => {
  expect(await findingsOf(agent)).toEqual(expected);
});
