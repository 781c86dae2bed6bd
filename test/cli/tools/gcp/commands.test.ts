import { expect, test } from 'vitest';
import { accountCommands } from '../../../../cli/tools/gcp/account/account-commands.js';
import { bootstrapCommands } from '../../../../cli/tools/gcp/bootstrap/bootstrap-commands.js';
import { databaseCommands } from '../../../../cli/tools/gcp/database/database-commands.js';
import { tokenCommand } from '../../../../cli/tools/gcp/gcloud/access-token.js';
import {
  dictionaryText,
  gcloudArgv,
  type GcloudWords,
  listText,
} from '../../../../cli/tools/gcp/gcloud/gcloud-argv.js';
import { gcloudEnvironment } from '../../../../cli/tools/gcp/gcloud/gcloud-environment.js';
import { identityCommands } from '../../../../cli/tools/gcp/identity/identity-commands.js';
import { jobCommands } from '../../../../cli/tools/gcp/jobs/job-commands.js';
import { logCommands } from '../../../../cli/tools/gcp/logs/log-commands.js';
import { redisCommands } from '../../../../cli/tools/gcp/redis/redis-commands.js';
import { registryCommands } from '../../../../cli/tools/gcp/registry/registry-commands.js';
import { secretCommands } from '../../../../cli/tools/gcp/secrets/secret-commands.js';
import { serviceCommands } from '../../../../cli/tools/gcp/services/service-commands.js';
import { completionTree, unknownWord } from '../../../support/gcp/gcloud-completions.js';

const region = 'us-central1';

const federation = {
  issuer: 'https://x',
  condition: "assertion.sub == 'a'",
  mapping: { 'google.subject': 'assertion.sub' },
};
const identityCommandLines: readonly GcloudWords[] = [
  identityCommands.pool('p'),
  identityCommands.createPool('p'),
  identityCommands.undeletePool('p'),
  identityCommands.provider({ pool: 'p', provider: 'g' }),
  identityCommands.undeleteProvider({ pool: 'p', provider: 'g' }),
  identityCommands.putProvider('create-oidc', { pool: 'p', provider: 'g' }, federation),
  identityCommands.putProvider('update-oidc', { pool: 'p', provider: 'g' }, federation),
  identityCommands.accounts('a@p'),
  identityCommands.createAccount('a', 'A'),
  identityCommands.accountPolicy('a@p'),
  identityCommands.letUse('a@p', 'principal://x'),
  identityCommands.projectPolicy('p'),
  identityCommands.grant('p', 'serviceAccount:a@p', { role: 'roles/run.admin', condition: null }),
];

/** Every command line that agentctl has. */
const all: readonly GcloudWords[] = [
  tokenCommand,
  accountCommands.accounts(),
  accountCommands.project('p'),
  ...Object.values({
    create: secretCommands.create('s', { 'agentctl-name': 'a' }),
    add: secretCommands.addVersion('s'),
    access: secretCommands.access('s', '3'),
    versions: secretCommands.versions('s'),
    list: secretCommands.list('agentctl-a-b-'),
    enable: secretCommands.enable('s', '3'),
    disable: secretCommands.disable('s', '3'),
    destroy: secretCommands.destroy('s', '3'),
    remove: secretCommands.remove('s'),
  }),
  registryCommands.repository('r', region),
  registryCommands.images('us-central1-docker.pkg.dev/p/r'),
  ...(['service', 'worker'] as const).flatMap((kind) => [
    serviceCommands.describe(kind, 'api', region),
    serviceCommands.revision(kind, 'api-r1-abc', region),
  ]),
  serviceCommands.remove('api', region),
  serviceCommands.moveTraffic('api', { 'api-r2-abc': 10, 'api-r1-abc': 90 }, region),
  serviceCommands.revisions('api', region),
  serviceCommands.setTag('api', 'candidate', 'api-r2-abc', region),
  serviceCommands.removeTag('api', 'candidate', region),
  jobCommands.execute('migrate', 'run-1', region),
  jobCommands.execution('migrate-x', region),
  jobCommands.executions('migrate', region),
  jobCommands.tasks('migrate-x', region),
  jobCommands.cancel('migrate-x', region),
  jobCommands.replace(region),
  jobCommands.remove('migrate', region),
  logCommands.newest('resource.type="x"', 10),
  logCommands.since('resource.type="x"', '2026-01-01T00:00:00Z'),
  databaseCommands.describe('i'),
  databaseCommands.backups('i'),
  databaseCommands.createBackup('i', 'before r2'),
  databaseCommands.kept('instance:i'),
  databaseCommands.deleteBackup('i', '17'),
  databaseCommands.deleteBackup('i', 'projects/p/backups/x'),
  databaseCommands.restore('i', '17'),
  databaseCommands.operations('i'),
  databaseCommands.setPassword('i', 'agent'),
  redisCommands.password('c', region),
  bootstrapCommands.bucket('b'),
  bootstrapCommands.create('b', region),
  bootstrapCommands.secure('b'),
  bootstrapCommands.enabled(),
  bootstrapCommands.enable(['run', 'secretmanager']),
  ...identityCommandLines,
];

test('command lines are values, and all of them the same at their end', () => {
  expect(gcloudArgv(secretCommands.addVersion('agentctl-a-b-secrets-KEY'), 'acme')).toEqual([
    'gcloud',
    'secrets',
    'versions',
    'add',
    'agentctl-a-b-secrets-KEY',
    '--data-file=-',
    '--project=acme',
    '--format=json',
    '--quiet',
  ]);
  expect(serviceCommands.moveTraffic('api', { new: 10, old: 90 }, region)).toEqual([
    'run',
    'services',
    'update-traffic',
    'api',
    '--to-revisions=new=10,old=90',
    '--region=us-central1',
  ]);
  expect(serviceCommands.describe('worker', 'w', region).slice(0, 4)).toEqual([
    'beta',
    'run',
    'worker-pools',
    'describe',
  ]);
  expect(jobCommands.execute('migrate', 'run-1-migrate', region)).toContain(
    '--update-env-vars=AGENTCTL_ATTEMPT=run-1-migrate',
  );
  expect(gcloudArgv(tokenCommand, undefined, 'token')).toEqual([
    'gcloud',
    'auth',
    'print-access-token',
    '--format=json(token)',
    '--quiet',
  ]);
});

test('a condition with commas keeps them', () => {
  const condition = "x.hasOnly(['a', 'b'])";
  const words = identityCommands.grant('p', 'serviceAccount:a@p', { role: 'roles/run.admin', condition });
  expect(words.at(-1)).toBe("--condition=^|^title=agentctl|expression=x.hasOnly(['a', 'b'])");
});

test('a list with a comma in an item gets another delimiter', () => {
  expect(listText(['a', 'b'])).toBe('a,b');
  expect(listText(['a,1', 'b'])).toBe('^|^a,1|b');
  expect(listText(['a,|', 'b'])).toBe('^;^a,||b'.replace('||b', '|;b'));
  expect(dictionaryText({ a: 1, b: 'x' })).toBe('a=1,b=x');
});

test('gcloud sees its own settings, and no credential of anything else', () => {
  const env = gcloudEnvironment({
    PATH: '/bin',
    HOME: '/h',
    CLOUDSDK_CONFIG: '/c',
    GOOGLE_APPLICATION_CREDENTIALS: '/k.json',
    AWS_SECRET_ACCESS_KEY: 'canary',
    OPENAI_API_KEY: 'canary',
    https_proxy: 'http://proxy',
  });
  expect(env).toMatchObject({ PATH: '/bin', CLOUDSDK_CONFIG: '/c', GOOGLE_APPLICATION_CREDENTIALS: '/k.json' });
  expect(env).toMatchObject({ https_proxy: 'http://proxy', CLOUDSDK_CORE_DISABLE_PROMPTS: '1' });
  expect(JSON.stringify(env)).not.toContain('canary');
});

const tree = await completionTree();

test.skipIf(tree === undefined)(
  `the installed gcloud knows every command and flag${tree === undefined ? ' (skipped: there is no gcloud with its completions on the PATH)' : ''}`,
  () => {
    if (tree === undefined) return;
    expect(all.map((words) => unknownWord(tree, [...words, '--project=p', '--format=json', '--quiet']))).toEqual(
      all.map(() => undefined),
    );
    expect(unknownWord(tree, ['run', 'services', 'update-traffic', 'api', '--to-revisionz=a=1'])).toBe(
      '--to-revisionz',
    );
    expect(unknownWord(tree, ['run', 'servicez', 'describe'])).toBe('servicez');
  },
);
