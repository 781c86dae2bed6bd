import { execFileSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { BuildEngine, ImageBuilder } from '../../../cli/tools/images/image-builder.js';
import { findImageBuilder } from '../../../cli/tools/images/image-builder.js';

/** Something on this machine that builds images. */
export interface RealBuilder {
  readonly engine: BuildEngine | undefined;
  readonly builder: ImageBuilder;
}

/** Every docker, podman and buildah of this machine that answers, one of each kind. */
export async function realBuilders(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<readonly RealBuilder[]> {
  const engines: (BuildEngine | undefined)[] = [...programs('docker'), ...programs('podman')].flatMap(engineOf);
  const found = new Map<string, RealBuilder>();
  for (const engine of [...engines, undefined]) {
    const signal = new AbortController().signal;
    const builder = await findImageBuilder({ engine, environment, signal }).catch(() => undefined);
    if (builder !== undefined && !found.has(builder.kind)) found.set(builder.kind, { engine, builder });
  }
  return [...found.values()];
}

/** Every program of this name on the PATH. */
export function programs(name: string): readonly string[] {
  const directories = (process.env['PATH'] ?? '').split(delimiter);
  const found = directories.map((directory) => join(directory, name)).filter((path) => existsSync(path));
  return [...new Map(found.map((path) => [realpathSync(path), path])).values()];
}

function engineOf(program: string): readonly BuildEngine[] {
  try {
    const printed = execFileSync(program, ['version', '--format', '{{json .}}'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const { Client: client, Server: server } = JSON.parse(printed) as Record<
      string,
      Record<string, string> | undefined
    >;
    const kind = client?.['OsArch'] === undefined ? ('docker' as const) : ('podman' as const);
    const engine = server ?? (kind === 'podman' ? client : undefined);
    if (engine === undefined) return [];
    const platform = engine['OsArch'] ?? `${engine['Os']}/${engine['Arch']}`;
    const [clientVersion = '', serverVersion = ''] = [client?.['Version'], engine['Version']];
    return [{ program, kind, clientVersion, serverVersion, platform }];
  } catch {
    return [];
  }
}
