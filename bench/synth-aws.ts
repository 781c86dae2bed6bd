import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { type Measurement, summarize } from './measure.js';

const example = 'examples/state-management-demo/agentctl.yaml';

/** One thing to measure: what is done before, untimed, and the command. */
interface Candidate {
  readonly name: string;
  readonly prepare?: () => Promise<unknown>;
  readonly argv: readonly [string, ...string[]];
  readonly env?: Readonly<Record<string, string>>;
}

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
    const plain = await compiledApp();
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
    return await measured(
      [
        {
          name: 'plain compiled app, no check',
          argv: [node, plain],
          env: { ...app, CDK_OUTDIR: join(directory, 'out') },
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

/** The app as anybody would compile it: our code in one file, aws-cdk-lib as npm installed it. */
async function compiledApp(): Promise<string> {
  const { build } = await import('esbuild');
  const outfile = resolve('dist/bench/app.cjs');
  await build({
    entryPoints: ['bin/synth-aws.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    packages: 'external',
    logLevel: 'warning',
  });
  return outfile;
}

/** Round by round, as in measure.ts; a command that fails ends the run, as its time would mean nothing. */
async function measured(candidates: readonly Candidate[], rounds: number): Promise<readonly Measurement[]> {
  const seconds = new Map<string, number[]>(candidates.map(({ name }) => [name, []]));
  for (let round = -1; round < rounds; round++) {
    for (const { name, prepare, argv, env } of candidates) {
      await prepare?.();
      const [file, ...args] = argv;
      const started = performance.now();
      await execa(file, args, { stdin: 'ignore', ...(env === undefined ? {} : { env }) });
      if (round >= 0) seconds.get(name)?.push((performance.now() - started) / 1000);
    }
  }
  return [...seconds].map(([name, values]) => summarize(name, values));
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
