import { expect, test } from 'vitest';
import { agentName, isAgentName } from '../../../cli/init/agent-name.js';
import { connectionReference } from '../../../cli/init/connection-reference.js';
import { parseDockerfile } from '../../../cli/init/dockerfile.js';
import { parseExample } from '../../../cli/init/example-environment.js';
import { healthPaths } from '../../../cli/init/health-paths.js';
import { withIgnoredState } from '../../../cli/init/ignore-line.js';
import { pythonPackages } from '../../../cli/init/python-packages.js';
import { scriptCommand } from '../../../cli/init/script-command.js';
import { sortVariables } from '../../../cli/init/sort-variables.js';

test.each([
  [['@acme/Chat_Agent'], 'chat-agent'],
  [['SupportAgent'], 'support-agent'],
  [['', 'ab', '42-agents'], 'agents'],
  [['a-very-long-name-of-an-agent-indeed'], 'a-very-long-name-of-an-a'],
  [['Café Agent'], 'cafe-agent'],
  [['日本'], 'my-agent'],
])('the name of %j is %s', (candidates, name) => {
  expect(agentName(candidates)).toBe(name);
  expect(isAgentName(agentName(candidates))).toBe(true);
});

test.each([
  ['DATABASE_URL', 'postgres://u:p@localhost/db', '${postgres.url}'],
  [
    'DB',
    'postgresql+psycopg://u:p@localhost/db',
    'postgresql+psycopg://${postgres.user}:${postgres.password}@${postgres.host}:${postgres.port}/${postgres.database}',
  ],
  ['DATABASE_URL', 'mysql://u:p@localhost/db', undefined],
  ['DATABASE_URL', '', '${postgres.url}'],
  ['PGHOST', 'localhost', '${postgres.host}'],
  ['POSTGRES_DB', 'app', '${postgres.database}'],
  ['DB_BASE_NAME', 'app', '${postgres.database}'],
  ['DB_PASSWORD', '', '${postgres.password}'],
  ['DATABASE_POOL_SIZE', '5', undefined],
  ['REDIS_URL', 'redis://localhost', '${cache.url}'],
  ['REDIS_PORT', '6379', '${cache.port}'],
  ['CELERY_BROKER_URL', 'redis://localhost/1', '${queue.url}'],
  ['BROKER_URL', 'amqp://localhost', '${queue.url}'],
  ['CELERY_RESULT_BACKEND', 'redis://localhost/2', '${cache.url}'],
  ['ELASTICSEARCH_URL', 'http://localhost:9200', '${search.url}'],
  ['ES_PASSWORD', '', '${search.password}'],
  ['VECTOR_STORE', 'https://localhost:9200', '${search.url}'],
  ['LOG_LEVEL', 'info', undefined],
])('%s=%s is filled in with %s', (name, value, expected) => {
  expect(connectionReference({ name, value })?.value).toBe(expected);
});

test('variables are sorted into values, secrets and what is left to the user', () => {
  const { variables, secrets, omitted } = sortVariables([
    { name: 'LOG_LEVEL', value: 'info' },
    { name: 'NODE_ENV', value: 'development' },
    { name: 'DEBUG', value: 'true' },
    { name: 'STRIPE_KEY', value: '' },
    { name: 'NEXT_PUBLIC_KEY', value: 'abc' },
    { name: 'SENTRY_DSN', value: '' },
    { name: 'MAX_TOKENS', value: '4096' },
    { name: 'PORT', value: '8000' },
    { name: 'TENANT', value: 'your-tenant' },
    { name: 'SITE', value: 'http://localhost:3000' },
    { name: 'EMPTY', value: '' },
  ]);

  expect(variables).toEqual([
    { name: 'LOG_LEVEL', value: 'info' },
    { name: 'NODE_ENV', value: 'production', note: 'development in the example file' },
    { name: 'DEBUG', value: 'false', note: 'true in the example file' },
    { name: 'NEXT_PUBLIC_KEY', value: 'abc' },
    { name: 'MAX_TOKENS', value: '4096' },
  ]);
  expect(secrets).toEqual(['STRIPE_KEY', 'SENTRY_DSN']);
  expect(omitted.map(({ name, value }) => [name, value])).toEqual([
    ['PORT', ''],
    ['TENANT', ''],
    ['SITE', ''],
    ['EMPTY', ''],
  ]);
});

test('an example file is read with its quotes, comments and exports', () => {
  expect(parseExample('A=1 # one\nexport B = "x # y"\n#C=3\n\nD=\nE=# nothing\nF=\'a b\'\r\nG=a#b')).toEqual([
    { name: 'A', value: '1' },
    { name: 'B', value: 'x # y' },
    { name: 'D', value: '' },
    { name: 'E', value: '' },
    { name: 'F', value: 'a b' },
    { name: 'G', value: 'a#b' },
  ]);
});

test.each([
  [
    'FROM a\nEXPOSE 80\nCMD ["a"]\nFROM b\nEXPOSE 9000/tcp 9001\nCMD [ "b", \\\n  "c" ]\n',
    { port: 9000, command: ['b', 'c'], hasEntrypoint: false },
  ],
  ['FROM a\n# CMD ["x"]\ncmd run --it $HOME', { command: ['sh', '-c', 'run --it $HOME'], hasEntrypoint: false }],
  ['FROM a\nENTRYPOINT ["/tini"]\nEXPOSE $PORT\nCMD [broken', { hasEntrypoint: true }],
  ['', { hasEntrypoint: false }],
])('the instructions of %j are read', (text, expected) => {
  expect(parseDockerfile(text)).toEqual(expected);
});

test.each([
  [['@app.get("/health")'], { readiness: '/health' }],
  [["{ 'GET /health': health }"], { readiness: '/health' }],
  [['"/health" "/api/health" "/readyz" "/livez"'], { readiness: '/readyz', liveness: '/livez' }],
  [
    ["'/api/v1/health/ready'", "'/api/v1/health/live'"],
    { readiness: '/api/v1/health/ready', liveness: '/api/v1/health/live' },
  ],
  [['"/users" "/healthy-food"'], {}],
])('health checks in %j are %j', (texts, expected) => {
  expect(healthPaths(texts)).toEqual(expected);
});

test('packages are found in every kind of Python manifest, but not those for development', () => {
  const names = (files: Readonly<Record<string, string>>): readonly string[] => [
    ...pythonPackages({ name: 'x', prefix: '', paths: Object.keys(files), texts: new Map(Object.entries(files)) }),
  ];

  expect(
    names({
      'requirements.txt': '# c\n-r base.txt\nFastAPI[standard]==0.1 # x\nlang_graph\n\nceler.y>=5;python_version<"4"\n',
    }),
  ).toEqual(['fastapi', 'fastapi[standard]', 'lang-graph', 'celer-y']);
  expect(names({ 'requirements-dev.txt': 'pytest', 'requirements/test.txt': 'redis' })).toEqual([]);
  expect(
    names({
      'pyproject.toml': `[project]
description = "uses flask"
dependencies = ["a", 'b>=1']
keywords = ["c"]
[project.optional-dependencies]
pg = [
  "d[binary]>=3", # note
  "e",
]
dev = ["f"]
[tool.poetry.dependencies]
python = "^3.12"
g = { version = "^1", extras = ["x"] }
[tool.poetry.group.dev.dependencies]
h = "*"
[tool.other]
dependencies = ["i"]
`,
    }),
  ).toEqual(['a', 'b', 'd', 'd[binary]', 'e', 'python', 'g']);
});

test.each([
  ['node src/server.js --quiet', ['node', 'src/server.js', '--quiet']],
  ['tsx src/server.ts', ['node_modules/.bin/tsx', 'src/server.ts']],
  ['NODE_ENV=production node x.js', ['npm', 'run', 'start']],
  ['npm run build && node x.js', ['npm', 'run', 'start']],
  ['', ['npm', 'run', 'start']],
])('the script %j is run as %j', (script, command) => {
  expect(scriptCommand({ scripts: { start: script } }, 'start')).toEqual(command);
});

test.each([
  ['node_modules\n', 'node_modules\n.agentctl/\n'],
  ['dist', 'dist\n.agentctl/\n'],
  ['', '.agentctl/\n'],
  ['/.agentctl\n', '/.agentctl\n'],
  ['.agentctl/  \r\nx\n', '.agentctl/  \r\nx\n'],
])('an ignore file %j becomes %j', (before, after) => {
  expect(withIgnoredState(before)).toBe(after);
});
