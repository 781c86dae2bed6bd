import { describe, expect, test } from 'vitest';
import { codesOf, problemsOf, serviceInput, specInput, validSpec } from './valid-spec.js';

const registry = { clouds: { kubernetes: { registry: 'ghcr.io/acme' } } };

describe('connection budget', () => {
  const pool = { size: 20, overflow: 10 };

  test('shows its arithmetic', () => {
    const [problem] = problemsOf(serviceInput({ pool, scale: { max: 4 } }, { postgres: {} }));

    expect(problem?.message).toBe(
      'services may open 120 database connections, the database accepts 100 ' +
        '(api 4 × (20 + 10) = 120; 10 stay reserved for migrations and operators)',
    );
  });

  test.each([
    ['a larger database', { size: 'medium' }],
    ['a higher limit', { maxConnections: 200 }],
    ['a pooler', { pooler: true }],
    ['a database elsewhere', { external: 'postgresql://db.example.com/app' }],
  ])('%s makes room', (_, postgres) => {
    expect(problemsOf(serviceInput({ pool, scale: { max: 4 } }, { postgres }))).toEqual([]);
  });

  test('counts to the last connection', () => {
    const input = (size: number) => serviceInput({ pool: { size }, scale: { max: 9 } }, { postgres: {} });

    expect(codesOf(input(10))).toEqual([]);
    expect(codesOf(input(11))).toEqual(['connection-budget services.api.pool']);
  });

  test('holds for the pooler too', () => {
    const input = serviceInput({ pool: { size: 100 }, scale: { max: 10 } }, { postgres: { pooler: true } });

    expect(problemsOf(input)[0]?.message).toContain('the pooler accepts 1000');
  });
});

describe('open CORS', () => {
  const input = specInput({ env: { ALLOWED_ORIGINS: 'https://a.example.com, *' } });

  test('is refused in production only', () => {
    expect(codesOf(input, { stage: 'production' })).toEqual(['open-cors env.ALLOWED_ORIGINS']);
    expect(codesOf(input, { stage: 'staging' })).toEqual([]);
  });

  test('a pattern with a star is a list of pages, not all pages', () => {
    expect(codesOf(specInput({ env: { CORS_ORIGINS: 'https://*.example.com' } }))).toEqual([]);
  });
});

describe('names', () => {
  test('AWS keys may be secrets where AWS is not the target', () => {
    const input = specInput({ secrets: ['AWS_SECRET_ACCESS_KEY'], clouds: { local: {} } });

    expect(codesOf(input)).toEqual([]);
    expect(codesOf({ ...input, clouds: { aws: { region: 'us-east-1' } } })).toEqual(['reserved-name secrets.0']);
  });

  test('env may repeat a secret as itself', () => {
    expect(codesOf(specInput({ secrets: ['KEY'], env: { KEY: '${secrets.KEY}' } }))).toEqual([]);
  });

  test.each(['A-B', '1A', 'with space', 'ÄÖ'])('%s is not the name of a variable', (name) => {
    expect(codesOf(specInput({ env: { [name]: 'x' } }))).toEqual([`bad-name env.${name}`]);
  });
});

describe('certificate', () => {
  const input = (arn: string, account?: string) =>
    specInput({
      clouds: { aws: { region: 'us-east-1', certificateArn: arn, ...(account === undefined ? {} : { account }) } },
    });
  const id = '12345678-1234-1234-1234-123456789012';

  test('in the same region is fine', () => {
    expect(codesOf(input(`arn:aws:acm:us-east-1:123456789012:certificate/${id}`, '123456789012'))).toEqual([]);
  });

  test('of another account is refused', () => {
    expect(codesOf(input(`arn:aws:acm:us-east-1:123456789012:certificate/${id}`, '999999999999'))).toEqual([
      'wrong-region clouds.aws.certificateArn',
    ]);
  });

  test('that is something else is refused', () => {
    expect(codesOf(input('arn:aws:iam::123456789012:server-certificate/x'))).toEqual([
      'bad-value clouds.aws.certificateArn',
    ]);
  });
});

describe('target settings', () => {
  test.each(['aws', 'gcp', 'azure'] as const)('%s needs its section', (target) => {
    expect(codesOf(specInput(), { target })).toEqual([`missing-key clouds.${target}`]);
  });

  test('Kubernetes needs a registry for images that are built', () => {
    expect(codesOf(specInput(), { target: 'kubernetes' })).toEqual(['missing-key clouds.kubernetes.registry']);
    expect(codesOf(specInput(registry), { target: 'kubernetes' })).toEqual([]);
  });

  test('Kubernetes needs no registry when every image is pulled', () => {
    const image = { ref: `ghcr.io/acme/app@sha256:${'0'.repeat(64)}` };

    expect(codesOf(specInput({ image }), { target: 'kubernetes' })).toEqual([]);
  });

  test('this machine needs nothing', () => {
    expect(codesOf(specInput(), { target: 'local' })).toEqual([]);
  });
});

describe('Kubernetes requests', () => {
  test.each([
    [{ api: { cpu: 0.25, memory: '512Mi' } }, []],
    [{ api: { cpu: 2 } }, ['bad-value clouds.kubernetes.requests.api.cpu']],
    [{ api: { memory: '4Gi' } }, ['bad-value clouds.kubernetes.requests.api.memory']],
    [{ apis: {} }, ['unknown-service clouds.kubernetes.requests.apis']],
  ])('%j', (requests, codes) => {
    expect(codesOf(specInput({ clouds: { kubernetes: { requests } } }))).toEqual(codes);
  });
});

describe('what a setting relies on', () => {
  test('LangSmith needs one of its keys', () => {
    const observability = { tracing: { langsmith: true } };

    expect(codesOf(specInput({ observability }))).toEqual(['undeclared-secret observability.tracing.langsmith']);
    expect(codesOf(specInput({ observability, secrets: ['LANGCHAIN_API_KEY'] }))).toEqual([]);
  });

  test('custom metrics need a namespace', () => {
    const observability = { metrics: { custom: ['Latency'] } };

    expect(codesOf(specInput({ observability }))).toEqual(['missing-key observability.metrics.namespace']);
  });

  test('a snapshot needs a database that agentctl runs', () => {
    const migrations = [{ command: ['migrate'], snapshot: true }];

    expect(codesOf(specInput({ migrations }))).toEqual(['missing-section migrations.0.snapshot']);
    expect(codesOf(specInput({ migrations, postgres: {} }))).toEqual([]);
  });
});

test('a single migration is named as it is written, without a number', () => {
  const migrations = { command: ['migrate', '&&', 'seed'], snapshot: true };

  expect(codesOf(specInput({ migrations }))).toEqual([
    'missing-section migrations.snapshot',
    'shell-in-command migrations.command.1',
  ]);
});

describe('commands', () => {
  test('may ask for the port to listen on', () => {
    expect(validSpec(serviceInput({ command: ['serve', '--port', '${port}'] })).services['api']?.command).toContain(
      '${port}',
    );
  });

  test('may pass a script to a shell', () => {
    expect(codesOf(serviceInput({ command: ['sh', '-c', 'a && b; exec c'] }))).toEqual([]);
  });

  test('a secret in a command is not repeated', () => {
    const problems = problemsOf(serviceInput({ command: 'serve --key sk-proj-CANARY1234567890' }));

    expect(JSON.stringify(problems)).not.toContain('CANARY');
  });
});

describe('images', () => {
  const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;

  test.each([`app@${digest}`, `ghcr.io/acme/app:1.2@${digest}`, `localhost:5000/a/b_c@${digest}`])(
    '%s is pinned',
    (ref) => {
      expect(codesOf(specInput({ image: { ref } }))).toEqual([]);
    },
  );

  test.each(['app', 'app:1.2.3', 'ghcr.io/acme/app:latest'])('%s is not pinned', (ref) => {
    expect(codesOf(specInput({ image: { ref } }))).toEqual(['image-not-pinned image.ref']);
  });
});

describe('images of the local target', () => {
  test.each([
    'postgres',
    'postgres:17',
    'localhost:5000/mirror/postgres:17',
    `10.0.0.1/a/b__c@sha256:${'0'.repeat(64)}`,
  ])('%s may replace the one of the database', (postgres) => {
    expect(codesOf(specInput({ clouds: { local: { images: { postgres } } } }))).toEqual([]);
  });

  test.each(['https://example.com/postgres', 'Postgres:17', 'a b', 'postgres:', '${secrets.X}', 'x@sha256:12'])(
    '%s may not',
    (postgres) => {
      expect(codesOf(specInput({ clouds: { local: { images: { postgres } } } }))).toEqual([
        'bad-value clouds.local.images.postgres',
      ]);
    },
  );
});

describe('the login to the registry', () => {
  const input = (password: string, local: object = { registry: 'localhost:5000/agents' }) =>
    specInput({
      secrets: ['TOKEN'],
      clouds: { local: { ...local, registryLogin: { username: 'ci', password } } },
    });

  test('has a declared secret as its password', () => {
    expect(codesOf(input('${secrets.TOKEN}'))).toEqual([]);
    expect(codesOf(input('${secrets.OTHER}'))).toEqual(['undeclared-secret clouds.local.registryLogin.password']);
  });

  test.each(['canary-hunter2', 'x${secrets.TOKEN}', '${secrets.TOKEN}${secrets.TOKEN}', '${stage}'])(
    'has nothing else: %s',
    (password) => {
      const problems = problemsOf(input(password));

      expect(problems.map(({ code }) => code)).toEqual(['secret-in-file']);
      expect(JSON.stringify(problems)).not.toContain('canary');
    },
  );

  test('needs a registry', () => {
    expect(codesOf(input('${secrets.TOKEN}', {}))).toEqual(['missing-key clouds.local.registryLogin']);
  });
});

describe('build secrets', () => {
  test('are declared', () => {
    const image = { build: { secrets: ['NPM_TOKEN'] } };

    expect(codesOf(specInput({ image, secrets: ['NPM_TOKEN'] }))).toEqual([]);
    expect(codesOf(specInput({ image }))).toEqual(['undeclared-secret image.build.secrets.0']);
  });

  test('are no build arguments', () => {
    const image = { build: { secrets: ['NPM_TOKEN'], args: { NPM_TOKEN: '' } } };

    expect(codesOf(specInput({ image, secrets: ['NPM_TOKEN'] }))).toEqual([
      'declared-twice image.build.args.NPM_TOKEN',
    ]);
  });

  test('may belong to the image of one service', () => {
    expect(codesOf(serviceInput({ image: { build: { secrets: ['PIP_TOKEN'] } } }))).toEqual([
      'undeclared-secret services.api.image.build.secrets.0',
    ]);
  });
});

describe('a Temporal dev server', () => {
  test.each([
    ['docker', []],
    ['process', ['not-supported clouds.local.temporal']],
    ['auto', ['not-supported clouds.local.temporal']],
  ])('with the runtime %s', (runtime, codes) => {
    expect(codesOf(specInput({ clouds: { local: { runtime, temporal: {} } } }), { target: 'local' })).toEqual(codes);
  });

  test('is nothing to a deploy elsewhere', () => {
    const clouds = { aws: { region: 'us-east-1' }, local: { temporal: {} } };

    expect(codesOf(specInput({ clouds }), { target: 'aws' })).toEqual([]);
  });

  test('has a default namespace, and takes its name', () => {
    const clouds = { local: { runtime: 'docker', temporal: {} } };

    expect(validSpec(specInput({ clouds })).clouds.local?.temporal).toEqual({ namespace: 'default' });
    expect(codesOf(specInput({ services: { temporal: {} } }))).toEqual(['reserved-name services.temporal']);
  });
});

describe('the confinement of containers', () => {
  const withDocker = (docker: object) => specInput({ clouds: { local: { docker } } });

  test('asks for nothing by default', () => {
    expect(validSpec(withDocker({})).clouds.local?.docker).toEqual({ readOnly: false, capAdd: [] });
  });

  test.each([
    [{ readOnly: true, tmpfs: ['/tmp', '/var/cache/app'], user: '10001:10001', capAdd: ['SETUID'] }, []],
    [{ user: 'app' }, []],
    [{ user: 'a b' }, ['bad-value clouds.local.docker.user']],
    [{ capAdd: ['ALL'] }, ['bad-value clouds.local.docker.capAdd.0']],
    [{ tmpfs: ['tmp'] }, ['bad-value clouds.local.docker.tmpfs.0']],
    [{ tmpfs: ['/tmp:exec'] }, ['bad-value clouds.local.docker.tmpfs.0']],
  ])('%j', (docker, codes) => {
    expect(codesOf(withDocker(docker))).toEqual(codes);
  });
});

describe('regions', () => {
  test('a zone is taken for its region', () => {
    const input = specInput({ clouds: { gcp: { project: 'my-project', region: 'us-central1-a' } } });

    expect(problemsOf(input)[0]?.fix).toBe('write us-central1');
  });
});

describe('signed search on AWS', () => {
  const input = (access: string) =>
    specInput({
      search: {},
      env: { SEARCH_URL: '${search.url}', SEARCH_PASSWORD: '${search.password}' },
      clouds: { aws: { region: 'us-east-1', search: { access } } },
    });

  test('has no password to give', () => {
    const [problem, ...others] = problemsOf(input('signed'), { target: 'aws' });

    expect(problem).toMatchObject({ code: 'unknown-reference', path: ['env', 'SEARCH_PASSWORD'] });
    expect(problem?.message).toContain('${search.password}');
    expect(others).toEqual([]);
  });

  test('with a password it does', () => {
    expect(codesOf(input('password'), { target: 'aws' })).toEqual([]);
  });
});

describe('schedules and queues on AWS', () => {
  const scheduled = (cron: string, aws: object = {}) =>
    specInput({ schedules: { night: { cron, command: ['run'] } }, clouds: { aws: { region: 'us-east-1', ...aws } } });
  const waiting = (queue: object, more: object = {}) =>
    serviceInput({ scale: { max: 4, queueDepth: 5 } }, { queue, clouds: { aws: { region: 'us-east-1' } }, ...more });

  test.each([
    ['0 3 * * *', []],
    ['0 3 * * 1-5', []],
    ['0 3 1 * *', []],
    ['0 3 1 * 1', ['not-supported schedules.night.cron']],
    ['0 3 * * 5-7', ['not-supported schedules.night.cron']],
  ])('cron %j', (cron, expected) => {
    expect(codesOf(scheduled(cron), { target: 'aws' })).toEqual(expected);
  });

  test('a schedule needs an image with sleep', () => {
    expect(codesOf(scheduled('0 3 * * *', { containers: { shell: false } }), { target: 'aws' })).toEqual([
      'not-supported schedules.night',
    ]);
  });

  test.each([
    [{ engine: 'redis' }, {}, ['missing-key services.api.scale.queueDepth']],
    [{ engine: 'redis' }, { observability: { metrics: { namespace: 'Agent/X' } } }, []],
    [{ engine: 'managed' }, {}, []],
  ])('queueDepth of %j with %j', (queue, more, expected) => {
    expect(codesOf(waiting(queue, more), { target: 'aws' })).toEqual(expected);
  });
});

describe('AWS has', () => {
  const aws = (settings: object = {}) => ({ clouds: { aws: { region: 'us-east-1', ...settings } } });
  const postgres = (settings: object, native: object = {}) =>
    specInput({ postgres: settings, ...aws({ postgres: native }) });

  test.each([
    ['its own sizes', postgres({ size: 'large' }), []],
    ['more connections than memory', postgres({ maxConnections: 500 }), ['connection-budget postgres.maxConnections']],
    ['a larger machine', postgres({ maxConnections: 500 }, { instanceClass: 'db.m7g.large' }), []],
    [
      'a smaller machine',
      postgres({ size: 'medium' }, { instanceClass: 'db.t4g.micro' }),
      ['connection-budget clouds.aws.postgres.instanceClass'],
    ],
    ['a class that is not known', postgres({ maxConnections: 9000 }, { instanceClass: 'db.z9.mega' }), []],
  ])('memory for so many connections: %s', (_, input, expected) => {
    expect(codesOf(input, { target: 'aws' })).toEqual(expected);
    expect(codesOf(input, { target: 'local' })).toEqual([]);
  });

  test('says how many connections a class is good for', () => {
    const [problem] = problemsOf(postgres({ maxConnections: 500 }), { target: 'aws' });
    expect(problem?.message).toBe('postgres.maxConnections is 500, and the memory of db.t4g.medium is enough for 405');
  });

  test.each([
    ['800Gi', {}, []],
    ['801Gi', {}, ['size-not-offered search.storage']],
    ['801Gi', { instanceType: 'r7g.large.search' }, []],
    ['101Gi', { instanceType: 't3.small.search' }, ['size-not-offered search.storage']],
    ['9Ti', { instanceType: 'zz9.large.search' }, []],
  ])('disks of a size: %s on %o', (storage, search, expected) => {
    expect(codesOf(specInput({ search: { storage }, ...aws({ search }) }), { target: 'aws' })).toEqual(expected);
  });

  const shifting = (routes: readonly string[], more: object = {}) =>
    serviceInput(
      { routes: routes.map((path) => ({ path })) },
      { ...aws({ rollout: { strategy: 'blueGreen' }, plainHttp: true }), ...more },
    );

  test.each([
    ['no routes', [], {}, ['not-supported clouds.aws.rollout.strategy']],
    ['what one rule takes', ['/', '/api', '/v1'], {}, []],
    ['more than one rule takes', ['/api', '/v1', '/v2'], {}, ['not-supported services.api.routes']],
    [
      'a host name, too',
      ['/', '/api', '/v1'],
      { domain: { name: 'a.example.com' } },
      ['not-supported services.api.routes'],
    ],
  ])('one rule to shift traffic with: %s', (_, routes, more, expected) => {
    expect(codesOf(shifting(routes, more), { target: 'aws' })).toEqual(expected);
  });
});
