import { type DirectoryListing, sources } from './directory-listing.js';
import type { DockerfileInstructions } from './dockerfile.js';
import { healthPaths } from './health-paths.js';
import type { ProposedService } from './proposal.js';
import { celeryApplications, fastapiApplications } from './python-applications.js';

const defaultPort = 8000;

/** Pure: the services of a Python application, the HTTP one first. */
export function pythonServices(
  listing: DirectoryListing,
  packages: ReadonlySet<string>,
  image: DockerfileInstructions | undefined,
): readonly ProposedService[] {
  return [...httpService(listing, packages, image), ...celeryServices(listing, packages)];
}

function httpService(
  listing: DirectoryListing,
  packages: ReadonlySet<string>,
  image: DockerfileInstructions | undefined,
): readonly ProposedService[] {
  const application = packages.has('fastapi') ? fastapiApplications(listing)[0] : undefined;
  const command = image?.hasEntrypoint === false ? image.command : undefined;
  const own = command !== undefined && command.some((item) => /uvicorn|gunicorn|hypercorn|granian|fastapi/.test(item));
  if (application === undefined && !own) return [];

  const exec = own && command[0] !== 'sh' ? command : undefined;
  const port = portIn(exec ?? []) ?? image?.port ?? defaultPort;
  const target =
    application === undefined
      ? []
      : [`${application.module}:${application.variable}`, ...(application.isFactory ? ['--factory'] : [])];
  const uvicorn = ['uvicorn', ...target, '--host', '0.0.0.0', '--port', String(port)];
  const health = healthPaths(sources(listing, ['.py']).map(([, text]) => text));
  return [
    {
      name: 'api',
      note:
        application === undefined
          ? 'the CMD of the Dockerfile'
          : `the FastAPI application in ${listing.prefix}${application.path}`,
      command: exec ?? (application === undefined ? (command ?? []) : uvicorn),
      http: {
        port,
        // FastAPI serves its documentation there unless it is told not to.
        readiness: health.readiness ?? '/docs',
        readinessNote:
          health.readiness === undefined
            ? 'check: no health route was found, and /docs says nothing about the database'
            : '200 only when it can serve, so it should ask the database',
        ...(health.liveness === undefined ? {} : { liveness: health.liveness }),
      },
    },
  ];
}

function portIn(command: readonly string[]): number | undefined {
  const after = command.findIndex((item) => item === '--port' || item === '-p');
  const text = after === -1 ? command.join(' ') : `:${command[after + 1] ?? ''}`;
  const port = Number(/(?:--port=|:)(\d{2,5})\b/.exec(text)?.[1]);
  return port >= 1 && port <= 65_535 ? port : undefined;
}

function celeryServices(listing: DirectoryListing, packages: ReadonlySet<string>): readonly ProposedService[] {
  if (![...packages].some((name) => /^celery(?:\[|$)/.test(name))) return [];
  const application = celeryApplications(listing)[0];
  if (application === undefined) return [];
  const { module, path } = application;
  const worker: ProposedService = {
    name: 'worker',
    note: `the Celery application in ${listing.prefix}${path}`,
    command: ['celery', '-A', module, 'worker', '--loglevel', 'info'],
  };
  const isScheduled = sources(listing, ['.py']).some(([, text]) => /\bbeat_schedule\b|add_periodic_task\(/.test(text));
  if (!isScheduled) return [worker];
  const beat: ProposedService = {
    name: 'beat',
    note: 'the clock of its periodic tasks: exactly one, or they run twice',
    command: ['celery', '-A', module, 'beat', '--loglevel', 'info', '--schedule', '/tmp/celerybeat-schedule'],
    isSingle: true,
  };
  return [worker, beat];
}
