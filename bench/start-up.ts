import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureCommands, type Measurement } from './measure.js';

const badSpec = `name: X
databse: {}
services:
  api: { command: "a; b", port: 70000, scale: { min: 3, max: 1 } }
`;

/** What it costs to start, beside Node.js doing nothing. */
export async function benchStartUp(agentctl: string, rounds: number): Promise<readonly Measurement[]> {
  const directory = await mkdtemp(join(tmpdir(), 'agentctl-bench-'));
  const bad = join(directory, 'bad.yaml');
  await writeFile(bad, badSpec);
  const node = process.execPath;
  try {
    return await measureCommands(
      [
        { name: 'node -e 0', argv: [node, '-e', '0'] },
        { name: 'agentctl --version', argv: [node, agentctl, '--version'] },
        { name: 'agentctl --help', argv: [node, agentctl, '--help'] },
        { name: 'agentctl validate (quickstart)', argv: [node, agentctl, 'validate', '-C', 'examples/quickstart'] },
        { name: 'agentctl validate (a bad file)', argv: [node, agentctl, 'validate', '-f', bad] },
      ],
      rounds,
    );
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
