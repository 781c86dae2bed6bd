import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { compiledApp } from './compiled-app.js';
import type { Measurement } from './measure.js';
import { measureCommands } from './measure-commands.js';

const example = 'examples/state-management-demo/agentctl.yaml';

/**
 * From a config file to checked templates, in one run: `agentctl synth` with its checks known and unknown, the same app compiled
 * and not bundled with no check at all, and the `cdk` command on it, which always checks.
 */
export async function benchSynthAws(agentctl: string, rounds: number): Promise<readonly Measurement[]> {
  const directory = await mkdtemp(join(tmpdir(), 'agentctl-bench-'));
  const node = process.execPath;
  const many = async (services: number): Promise<string> => {
    const project = join(directory, `services-${services}`);
    await mkdir(project);
    await writeFile(join(project, 'agentctl.yaml'), configWith(services));
    return project;
  };
  const projectOf = async (): Promise<string> => {
    const project = join(directory, 'demo');
    await mkdir(project);
    await writeFile(join(project, 'agentctl.yaml'), await readFile(example, 'utf8'));
    return project;
  };
  try {
    const [demo, five, fifty] = [await projectOf(), await many(5), await many(50)];
    const synth = (project: string): readonly [string, ...string[]] => [
      node,
      agentctl,
      'synth',
      '--cloud',
      'aws',
      '-C',
      project,
    ];
    const app = { AGENTCTL_FILE: resolve(example), CDK_DISABLE_VERSION_CHECK: '1' };
    const plain = await compiledApp('synth-aws');
    const cdk = [
      node,
      'node_modules/aws-cdk/bin/cdk',
      'synth',
      '--quiet',
      '--no-notices',
      '--output',
      join(directory, 'cdk.out'),
    ] as const;
    const forget = (project: string) => async () =>
      await rm(join(project, '.agentctl'), { recursive: true, force: true });
    return await measureCommands(
      [
        {
          name: 'plain compiled app, no check',
          argv: [node, plain],
          env: { ...app, CDK_OUTDIR: join(directory, 'out'), CDK_VALIDATION: 'false' },
        },
        { name: 'agentctl synth, checks known', argv: synth(demo) },
        { name: 'agentctl synth, first time', argv: synth(demo), prepare: forget(demo) },
        { name: 'cdk synth, the same app', argv: [...cdk, '--app', `${node} ${plain}`], env: app },
        { name: 'agentctl synth, 5 services', argv: synth(five) },
        { name: 'agentctl synth, 50 services', argv: synth(fifty) },
      ],
      rounds,
    );
  } finally {
    await rm(directory, { recursive: true, force: true });
    await rm('dist/bench', { recursive: true, force: true });
  }
}

function configWith(services: number): string {
  const service = (index: number): string =>
    index === 0
      ? '  web: { command: [node, web.js], port: 8000, routes: [{ path: / }], health: { readiness: /health } }'
      : `  worker-${index}: { command: [node, worker.js] }`;
  return [
    'name: bench-agent',
    'image: { build: { context: . } }',
    'env: { DATABASE_URL: "${postgres.url}", LEVEL: info }',
    'services:',
    ...Array.from({ length: services }, (_, index) => service(index)),
    'postgres: { size: large, maxConnections: 1000 }',
    'clouds: { aws: { region: us-east-1 } }',
    '',
  ].join('\n');
}
