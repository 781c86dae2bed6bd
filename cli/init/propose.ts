import { posix } from 'node:path';
import { agentName } from './agent-name.js';
import { checkVariables } from './check-variables.js';
import { dataParts } from './data-parts.js';
import { type DirectoryListing, listingBelow, sources } from './directory-listing.js';
import { dockerfiles, type FoundDockerfile } from './dockerfile.js';
import { exampleVariables } from './example-environment.js';
import { localBuild } from './local-build.js';
import { migrationCommand } from './migration-command.js';
import { missingVariables } from './missing-variables.js';
import { nodePackage } from './node-package.js';
import { nodeServices } from './node-services.js';
import type { Proposal, ProposedParts, ProposedService } from './proposal.js';
import { pythonPackages } from './python-packages.js';
import { pythonServices } from './python-services.js';
import { scaffold } from './scaffold.js';
import { sortVariables } from './sort-variables.js';

/**
 * Pure: what an agentctl.yaml for a directory would say.
 *
 * @param name the name to use. @default - made from package.json, pyproject.toml or the directory
 */
export function propose(whole: DirectoryListing, name?: string): Proposal {
  const images = dockerfiles(whole);
  const [image] = images;
  const context = image?.context ?? sourceDirectory(whole);
  const listing = listingBelow(whole, context);

  const node = nodePackage(listing);
  const packages = new Set([...pythonPackages(listing), ...(node?.dependencies ?? [])]);
  const instructions = image?.instructions;
  const detected = [
    ...pythonServices(listing, packages, instructions),
    ...(node === undefined ? [] : nodeServices(listing, node, instructions)),
  ];
  const services = unique(
    detected.some(({ http }) => http !== undefined) ? detected : [unknownService(image), ...detected],
  );
  const [service = unknownService(image)] = services;
  const files = image === undefined ? scaffold({ listing, context, node, packages, service }) : undefined;
  const migration = migrationCommand(listing, node);
  const texts = sources(listing, ['.py', '.js', '.mjs', '.ts', '.sql']).map(([, text]) => text);
  const sorted = sortVariables(exampleVariables(whole));
  const parts = dataParts({ packages, variables: sorted, hasMigrations: migration !== undefined, texts });
  const missing = missingVariables({ parts, packages, texts, sorted });
  const checked = checkVariables({
    variables: [...missing.variables, ...sorted.variables],
    secrets: [...sorted.secrets, ...missing.secrets],
    omitted: sorted.omitted,
    parts: withReferenced(parts, missing.sections),
  });

  return {
    name: name ?? agentName([node?.name ?? '', pyprojectName(listing), whole.name]),
    build: { context, dockerfile: image?.dockerfile ?? 'Dockerfile' },
    hasDockerfile: image !== undefined,
    ...(files === undefined ? {} : { scaffold: files }),
    ...checked,
    services,
    ...(migration === undefined ? {} : { migration }),
    parts: withReferenced(parts, missing.sections),
    local: { needsDocker: needsDocker(parts), build: localBuild(listing, node) },
    found: [
      ...services.flatMap(({ note, name: service }) => (note === '' ? [] : [`${service}: ${note}`])),
      ...(migration === undefined ? [] : [`migration: ${migration.command.join(' ')} (${migration.note})`]),
      ...foundParts(parts),
      ...graphs(listing, packages),
    ],
    checks: [
      ...services.flatMap(({ name: service, http, commandNote }) => [
        ...(commandNote === undefined ? [] : [`the command of ${service}: ${commandNote}`]),
        ...(http?.readinessNote.startsWith('check: ') === true
          ? [`health of ${service}: ${http.readinessNote.slice(7)}`]
          : []),
      ]),
      ...missing.variables.flatMap(({ name: variable, note }) =>
        note === undefined ? [] : [`env ${variable}: is it the name your code reads?`],
      ),
      ...(files?.checks ?? []),
      ...(image === undefined && files === undefined
        ? ['there is no Dockerfile: the clouds and Compose need one, the local target does not']
        : []),
      ...(image !== undefined && !listing.paths.includes('.dockerignore')
        ? ['there is no .dockerignore: "COPY . ." would take .env and .agentctl into the image']
        : []),
      ...(instructions?.hasEntrypoint === true
        ? ['the Dockerfile has an ENTRYPOINT: containers put it before each command, the local target does not']
        : []),
      ...images.slice(1).map(({ context: other, dockerfile }) => {
        return `${posix.join(other, dockerfile)} was left aside: a service takes it with image: { build: { context: ${other} } }`;
      }),
    ],
  };
}

/** The only directory with a manifest when the top has none. */
function sourceDirectory({ paths }: DirectoryListing): string {
  const manifests = paths.filter((path) =>
    /^(?:pyproject\.toml|requirements\.txt|package\.json)$/.test(posix.basename(path)),
  );
  const directories = [...new Set(manifests.map((path) => posix.dirname(path)))];
  const [only] = directories;
  return only !== undefined && directories.length === 1 ? only : '.';
}

function unknownService(image: FoundDockerfile | undefined): ProposedService {
  const command = image?.instructions.hasEntrypoint === false ? image.instructions.command : undefined;
  return {
    name: 'api',
    note: command === undefined ? '' : 'the CMD of the Dockerfile',
    command: command ?? ['python', 'main.py'],
    ...(command === undefined ? { commandNote: 'write the program that serves HTTP, one item per argument' } : {}),
    http: {
      port: image?.instructions.port ?? 8000,
      readiness: '/health',
      readinessNote: 'check: no health route was found; add one that answers 200 when it can serve',
    },
  };
}

/** Two languages may both have a worker. */
function unique(services: readonly ProposedService[]): readonly ProposedService[] {
  return services.filter(({ name }, index) => services.findIndex((other) => other.name === name) === index);
}

function withReferenced(parts: ProposedParts, sections: ReadonlySet<string>): ProposedParts {
  return { ...parts, cache: parts.cache || sections.has('cache') };
}

function needsDocker({ postgres, search, queue }: ProposedParts): readonly string[] {
  return [
    ...(postgres?.extensions.includes('vector') === true ? ['pgvector'] : []),
    ...(search ? ['OpenSearch'] : []),
    ...(queue === 'rabbitmq' ? ['RabbitMQ'] : []),
  ];
}

function foundParts({ postgres, search, cache, queue }: ProposedParts): readonly string[] {
  const parts = [
    ...(postgres === undefined
      ? []
      : [postgres.extensions.length === 0 ? 'Postgres' : `Postgres with ${postgres.extensions.join(', ')}`]),
    ...(search ? ['a search cluster'] : []),
    ...(cache ? ['Redis as cache'] : []),
    ...(queue === undefined ? [] : [`${queue === 'redis' ? 'Redis' : 'RabbitMQ'} as queue`]),
  ];
  return parts.length === 0 ? [] : [`data: ${parts.join(', ')}`];
}

function graphs({ paths }: DirectoryListing, packages: ReadonlySet<string>): readonly string[] {
  const uses = packages.has('langgraph') || packages.has('@langchain/langgraph');
  if (paths.includes('langgraph.json'))
    return ['LangGraph: langgraph.json names graphs; a service has to serve them over HTTP'];
  return uses ? ['LangGraph'] : [];
}

function pyprojectName({ texts }: DirectoryListing): string {
  return /^\s*name\s*=\s*["']([^"']+)["']/m.exec(texts.get('pyproject.toml') ?? '')?.[1] ?? '';
}
