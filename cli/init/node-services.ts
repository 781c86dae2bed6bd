import { type DirectoryListing, sources } from './directory-listing.js';
import type { DockerfileInstructions } from './dockerfile.js';
import { healthPaths } from './health-paths.js';
import type { NodePackage } from './node-package.js';
import type { ProposedService } from './proposal.js';
import { scriptCommand } from './script-command.js';

const defaultPort = 3000;
const frameworks = ['express', 'fastify', 'next', 'hono', '@hono/node-server', 'koa', '@nestjs/core', '@hapi/hapi'];
const endings = ['.js', '.mjs', '.cjs', '.ts', '.mts', '.cts', '.jsx', '.tsx'];

/** Pure: the services of a Node.js application, the HTTP one first. */
export function nodeServices(
  listing: DirectoryListing,
  node: NodePackage,
  image: DockerfileInstructions | undefined,
): readonly ProposedService[] {
  const framework = frameworks.find((name) => node.dependencies.has(name));
  const texts = sources(listing, endings).map(([, text]) => text);
  const serves = framework !== undefined || texts.some((text) => /createServer\(/.test(text));
  const worker: readonly ProposedService[] =
    node.scripts['worker'] === undefined
      ? []
      : [{ name: 'worker', note: 'the script "worker" of package.json', command: scriptCommand(node, 'worker') }];
  return serves ? [httpService(listing, node, image, { framework, texts }), ...worker] : worker;
}

interface Found {
  readonly framework: string | undefined;
  readonly texts: readonly string[];
}

function httpService(
  listing: DirectoryListing,
  node: NodePackage,
  image: DockerfileInstructions | undefined,
  { framework, texts }: Found,
): ProposedService {
  const port = image?.port ?? portIn(texts) ?? defaultPort;
  const health = healthPaths(texts);
  const isNext = framework === 'next';
  const own = image?.hasEntrypoint === false && image.command?.[0] !== 'sh' ? image.command : undefined;
  return {
    name: isNext ? 'web' : 'api',
    note: framework === undefined ? 'the HTTP server of package.json' : `the ${framework} application`,
    command: own ?? (isNext ? nextCommand(port) : startCommand(listing, node)),
    http: {
      port,
      readiness: health.readiness ?? (isNext ? '/' : '/health'),
      readinessNote:
        health.readiness === undefined
          ? `check: no health route was found${isNext ? ', and / says nothing about the database' : '; add one that answers 200 when it can serve'}`
          : '200 only when it can serve, so it should ask the database',
      ...(health.liveness === undefined ? {} : { liveness: health.liveness }),
    },
  };
}

/** Through its file: `npx` and `npm` would be one more process between the signal to stop and the server. */
function nextCommand(port: number): readonly string[] {
  return ['node_modules/.bin/next', 'start', '--hostname', '0.0.0.0', '--port', String(port)];
}

function startCommand(listing: DirectoryListing, node: NodePackage): readonly string[] {
  if (node.scripts['start'] !== undefined) return scriptCommand(node, 'start');
  const usual = [node.main, 'server.js', 'src/server.js', 'index.js', 'src/index.js', 'app.js'];
  return ['node', usual.find((file) => listing.paths.includes(file.replace(/^\.\//, ''))) ?? 'server.js'];
}

function portIn(texts: readonly string[]): number | undefined {
  const found = texts.flatMap(
    (text) => /process\.env(?:\.PORT|\[['"]PORT['"]\])\s*(?:\?\?|\|\|)\s*['"]?(\d{2,5})/.exec(text)?.[1] ?? [],
  );
  return found[0] === undefined ? undefined : Number(found[0]);
}
