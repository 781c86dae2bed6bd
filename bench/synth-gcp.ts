import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { compiledApp } from './compiled-app.js';
import type { Measurement } from './measure.js';
import { measureCommands } from './measure-commands.js';

const example = 'examples/state-management-demo/agentctl.yaml';
const stage = 'gcp';

/**
 * From a config file to Terraform configurations, in one run: `agentctl synth`, the program it starts by itself, and the same
 * app compiled and not bundled. `AGENTCTL_CDKTF`: path of cdktf-cli’s `bin/cdktf`, which this repository does not install.
 */
export async function benchSynthGcp(agentctl: string, rounds: number): Promise<readonly Measurement[]> {
  const directory = await mkdtemp(join(tmpdir(), 'agentctl-bench-'));
  const node = process.execPath;
  const env = { AGENTCTL_FILE: resolve(example), AGENTCTL_STAGE: stage };
  const app = { ...env, CDKTF_OUTDIR: join(directory, 'out') };
  const cdktf = process.env['AGENTCTL_CDKTF'];
  try {
    const plain = await compiledApp('synth-gcp');
    const project = join(directory, 'demo');
    await mkdir(project);
    await writeFile(join(project, 'agentctl.yaml'), await readFile(example, 'utf8'));
    return await measureCommands(
      [
        { name: 'plain compiled app', argv: [node, plain], env: app },
        { name: 'the bundled app alone', argv: [node, 'dist/bin/synth-gcp.cjs'], env: app },
        { name: 'agentctl synth', argv: [node, agentctl, 'synth', '--cloud', 'gcp', '--stage', stage, '-C', project] },
        ...(cdktf === undefined
          ? []
          : [
              {
                name: 'cdktf synth, the same app',
                argv: [node, cdktf, 'synth', '--app', `${node} ${plain}`, '--output', join(directory, 'cdktf.out')],
                env: { ...env, CHECKPOINT_DISABLE: '1', CI: 'true' },
              } as const,
            ]),
      ],
      rounds,
    );
  } finally {
    await rm(directory, { recursive: true, force: true });
    await rm('dist/bench', { recursive: true, force: true });
  }
}
