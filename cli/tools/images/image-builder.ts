import { AgentctlError, isAgentctlError } from '../../errors.js';
import { builderEnvironment } from './builder-environment.js';
import { type ImageToolEnd, runImageTool } from './run-image-tool.js';

/** The container engine that builds, as it was found; see `cli/tools/engine`. */
export interface BuildEngine {
  /** Path or name. */
  readonly program: string;
  readonly kind: 'docker' | 'podman';
  readonly clientVersion: string;
  readonly serverVersion: string;
  /** Of the daemon, such as `linux/amd64`. */
  readonly platform: string;
}

/** What builds images here, and how. */
export interface ImageBuilder {
  readonly program: string;
  /** `buildkit`: the one within docker before 23; `classic`: docker's builder before that, without build secrets. */
  readonly kind: 'buildx' | 'buildkit' | 'classic' | 'podman' | 'buildah';
  /** What runs without emulation. */
  readonly platform: string;
  /** Whether it attaches provenance and a bill of materials to what it pushes. */
  readonly attests: boolean;
}

export interface FindBuilderOptions {
  /** Undefined: neither docker nor podman is there. */
  readonly engine: BuildEngine | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

/**
 * Finds what builds images: docker with buildx, docker without, podman, or buildah where there is no engine.
 *
 * @throws ToolMissing when there is none
 */
export async function findImageBuilder({ engine, environment, signal }: FindBuilderOptions): Promise<ImageBuilder> {
  const env = builderEnvironment(environment);
  const ask: Ask = async (...argv) =>
    await runImageTool({ argv, env }, { signal }).catch((error: unknown) => {
      if (isAgentctlError(error) && error.code === 'ToolMissing') return undefined;
      throw error;
    });
  if (engine?.kind === 'docker') return await dockerBuilder(engine, ask);
  if (engine !== undefined) {
    return { program: engine.program, kind: 'podman', platform: engine.platform, attests: false };
  }
  const buildah = await ask('buildah', 'version', '--json');
  if (buildah?.succeeded === true) return parseBuildah(buildah.stdout);
  throw new AgentctlError('ToolMissing', 'there is nothing here that builds container images', {
    fix: 'install Docker with buildx, podman or buildah; or build the image elsewhere and pass --image ref@sha256:…',
  });
}

type Ask = (...argv: readonly [string, ...string[]]) => Promise<ImageToolEnd | undefined>;

async function dockerBuilder(engine: BuildEngine, ask: Ask): Promise<ImageBuilder> {
  const { program, platform, clientVersion } = engine;
  const buildx = await ask(program, 'buildx', 'version');
  const version = buildx?.succeeded === true ? buildxVersion(buildx.stdout) : undefined;
  if (version === undefined) {
    // Since 23 the client leaves BuildKit to buildx; before, from 18.09 on, it spoke to it itself.
    const major = Number.parseInt(clientVersion, 10);
    return { program, kind: major < 23 && major >= 18 ? 'buildkit' : 'classic', platform, attests: false };
  }
  const [inspected, info] = [
    await ask(program, 'buildx', 'inspect'),
    await ask(program, 'info', '--format', '{{json .DriverStatus}}'),
  ];
  const attests = canAttest({ version, inspected: inspected?.stdout ?? '', driverStatus: info?.stdout ?? '' });
  return { program, kind: 'buildx', platform, attests };
}

/** Pure: attestations came with buildx 0.10; the engine itself can store them only with containerd's image store. */
export function canAttest({
  version,
  inspected,
  driverStatus,
}: {
  readonly version: readonly [number, number];
  readonly inspected: string;
  readonly driverStatus: string;
}): boolean {
  const driver = /^Driver:\s*(\S+)/m.exec(inspected)?.[1];
  const isNew = version[0] > 0 || version[1] >= 10;
  return isNew && driver !== undefined && (driver !== 'docker' || driverStatus.includes('io.containerd.snapshotter'));
}

/** Pure: `github.com/docker/buildx v0.12.1 30feaa1` → 0.12. */
export function buildxVersion(text: string): readonly [number, number] | undefined {
  const match = /\bv?(\d+)\.(\d+)\.\d+/.exec(text);
  return match === null ? undefined : [Number(match[1]), Number(match[2])];
}

/** Pure: what `buildah version --json` prints. */
export function parseBuildah(text: string): ImageBuilder {
  const match = /"(?:buildPlatform|osArch)":\s*"([^"]+)"/.exec(text);
  return { program: 'buildah', kind: 'buildah', platform: match?.[1] ?? 'linux/amd64', attests: false };
}
