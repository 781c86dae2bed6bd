import type { DirectoryListing } from './directory-listing.js';
import { type DockerfileBlock, dockerfileText, execForm, healthCheck } from './dockerfile-text.js';
import { requirementFile } from './local-build.js';
import type { ProposedService } from './proposal.js';
import { pythonVersion } from './python-version.js';
import type { ScaffoldedDockerfile } from './scaffold.js';

export interface PythonDockerfileOptions {
  readonly listing: DirectoryListing;
  readonly packages: ReadonlySet<string>;
  readonly service: ProposedService;
}

/** Pure: a Dockerfile for a Python project; undefined when nothing says what to install. */
export function pythonDockerfile({
  listing,
  packages,
  service,
}: PythonDockerfileOptions): ScaffoldedDockerfile | undefined {
  const install = installLines(listing);
  if (install === undefined) return undefined;
  const base = `python:${pythonVersion(listing)}-slim`;
  const libraries = systemLibraries(packages);
  const { http, command } = service;
  const text = dockerfileText([
    [
      `FROM ${base} AS build`,
      'ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1',
      'WORKDIR /app',
      ...aptLines(libraries.build),
      ...install.lines,
    ],
    [
      `FROM ${base}`,
      '# Logs at once; nothing is written beside the code, so the root file system may be read-only.',
      'ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PATH=/app/.venv/bin:$PATH',
      'WORKDIR /app',
      ...aptLines(libraries.run),
      'COPY --from=build /app /app',
      '# A number, so that a cluster can tell that it is not root. The files stay root’s: the program cannot change itself.',
      'USER 10001:10001',
      ...(http === undefined ? [] : [`EXPOSE ${http.port}`]),
    ],
    http === undefined ? [] : healthCheck(['python', '-c', probe(http.liveness ?? http.readiness)]),
    [`CMD ${execForm(command)}`],
  ]);
  return { text, checks: install.checks };
}

function probe(path: string): string {
  return [
    'import os, urllib.request as request',
    "port = os.environ.get('PORT')",
    `port and request.urlopen(f'http://127.0.0.1:{port}${path}', timeout=4)`,
  ].join('; ');
}

interface Install {
  readonly lines: DockerfileBlock;
  readonly checks: readonly string[];
}

const dependenciesFirst = '# Dependencies before the code, which changes more often.';

/** Everything goes to /app/.venv, which the second stage takes over. */
function installLines({ paths }: DirectoryListing): Install | undefined {
  if (paths.includes('uv.lock')) {
    const lines = [
      "RUN pip install 'uv>=0.8,<1'",
      'ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_NO_CACHE=1 UV_PYTHON=/usr/local/bin/python',
      dependenciesFirst,
      'COPY pyproject.toml uv.lock ./',
      'RUN uv sync --frozen --no-dev --no-install-project',
      'COPY . .',
      'RUN uv sync --frozen --no-dev',
    ];
    return { lines, checks: [] };
  }
  if (paths.includes('poetry.lock')) {
    const lines = [
      "RUN pip install 'poetry>=2,<3'",
      'ENV POETRY_VIRTUALENVS_IN_PROJECT=1 POETRY_NO_INTERACTION=1',
      dependenciesFirst,
      'COPY pyproject.toml poetry.lock ./',
      'RUN poetry install --only main --no-root --no-cache',
      'COPY . .',
      'RUN poetry install --only main --no-cache',
    ];
    return { lines, checks: [] };
  }
  const file = requirementFile(paths);
  if (file !== undefined) {
    const copied = file.includes('/') ? `COPY ${file.split('/')[0]} ./${file.split('/')[0]}` : `COPY ${file} ./`;
    const lines = [
      'RUN python -m venv .venv',
      dependenciesFirst,
      copied,
      `RUN .venv/bin/pip install -r ${file}`,
      'COPY . .',
    ];
    return { lines, checks: [] };
  }
  if (!paths.includes('pyproject.toml')) return undefined;
  return {
    lines: ['RUN python -m venv .venv', 'COPY . .', 'RUN .venv/bin/pip install .'],
    checks: ['there is no lock file: two builds of one commit may get different packages'],
  };
}

/** Debian packages for drivers that are compiled, or that load a library of the system. */
function systemLibraries(packages: ReadonlySet<string>): { readonly build: string[]; readonly run: string[] } {
  const compiles = packages.has('psycopg2') || packages.has('psycopg[c]');
  const loads = packages.has('psycopg') && !packages.has('psycopg[binary]');
  return { build: compiles ? ['gcc', 'libpq-dev'] : [], run: compiles || loads ? ['libpq5'] : [] };
}

function aptLines(names: readonly string[]): DockerfileBlock {
  if (names.length === 0) return [];
  return [
    `RUN apt-get update && apt-get install -y --no-install-recommends ${names.join(' ')} && rm -rf /var/lib/apt/lists/*`,
  ];
}
