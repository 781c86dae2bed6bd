import { execaSync } from 'execa';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { onTestFinished } from 'vitest';
import { openTerraform, type TerraformStack, type TerraformTools } from '../../../../cli/tools/terraform/index.js';
import { temporaryDirectory } from '../../../support/temporary-directory.js';
import { startStateServer, type StateServer } from '../../../support/terraform/state-server.js';

/** Whether `terraform` can be run here; tests that need it are skipped without. */
export const hasTerraform =
  execaSync('terraform', ['version'], { reject: false, env: { CHECKPOINT_DISABLE: '1' } }).exitCode === 0;

/** What the tests need of a stage. */
export interface DataStage {
  readonly terraform: TerraformTools;
  readonly server: StateServer;
  /** Work directories. */
  readonly directory: string;
  /** Scratch space, also for what a configuration runs. */
  readonly root: string;
  readonly log: string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Writes a configuration and says where it is. */
  stack(configuration: object, variables?: Readonly<Record<string, string>>): Promise<TerraformStack>;
  /** What a run needs. */
  run(signal?: AbortSignal): { readonly signal: AbortSignal; readonly log: (line: string) => void };
}

/** Real terraform with its builtin provider, and a backend whose lock stays when its owner dies. */
export async function openDataStage(): Promise<DataStage> {
  const root = await temporaryDirectory();
  const server = await startStateServer();
  onTestFinished(async () => await server.stop());
  const directory = join(root, 'work');
  const cliConfig = join(root, 'terraformrc');
  await writeFile(cliConfig, '');
  const environment = {
    PATH: process.env['PATH'] ?? '',
    HOME: root,
    TF_CLI_CONFIG_FILE: cliConfig,
    ...server.environment,
  };
  const log: string[] = [];
  return {
    terraform: openTerraform({ environment, directory, statefulTypes: ['terraform_data'] }),
    server,
    directory,
    root,
    log,
    environment,
    async stack(configuration, variables) {
      const hash = createHash('sha256').update(JSON.stringify(configuration)).digest('hex').slice(0, 8);
      const path = join(root, `stack-${hash}`);
      await mkdir(path, { recursive: true });
      const text = JSON.stringify({ terraform: { backend: server.backend('foundation') }, ...configuration });
      await writeFile(join(path, 'cdk.tf.json'), text);
      return { name: 'foundation', configuration: path, ...(variables === undefined ? {} : { variables }) };
    },
    run: (signal = new AbortController().signal) => ({ signal, log: (line) => void log.push(line) }),
  };
}

/** Every file below a directory as text, by its path; plans, which are archives, unpacked. */
export function everyFile(directory: string): ReadonlyMap<string, string> {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    files.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      const content = readFileSync(path);
      return [path, entry.name.endsWith('.bin') ? unzipped(content) : content.toString('latin1')];
    }),
  );
}

/** The entries of a ZIP archive, one after the other (APPNOTE.TXT 4.3.7, 4.3.12). */
export function unzipped(archive: Buffer): string {
  const texts: string[] = [];
  let at = archive.indexOf(Buffer.from('PK\x01\x02', 'latin1'));
  while (at !== -1 && archive.readUInt32LE(at) === 0x02014b50) {
    const [size, nameLength, extra, comment] = [20, 28, 30, 32].map((offset) =>
      offset === 20 ? archive.readUInt32LE(at + offset) : archive.readUInt16LE(at + offset),
    ) as [number, number, number, number];
    const local = archive.readUInt32LE(at + 42);
    const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
    const packed = archive.subarray(start, start + size);
    texts.push((archive.readUInt16LE(at + 10) === 0 ? packed : inflateRawSync(packed)).toString('latin1'));
    at += 46 + nameLength + extra + comment;
  }
  if (texts.length === 0) throw new Error('no archive');
  return texts.join('\n');
}
