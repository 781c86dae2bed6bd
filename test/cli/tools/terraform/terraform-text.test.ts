import { expect, test } from 'vitest';
import { isOurDeadLock } from '../../../../cli/tools/terraform/apply-process.js';
import { nextProgress, notBegun, progressText } from '../../../../cli/tools/terraform/apply-progress.js';
import { isNewEnough } from '../../../../cli/tools/terraform/find-terraform.js';
import { isOfRelease, leftLockIn, lockedByOthers, lockIn } from '../../../../cli/tools/terraform/state-lock.js';
import {
  applyArguments,
  initArguments,
  planArguments,
  showArguments,
  unlockArguments,
} from '../../../../cli/tools/terraform/terraform-commands.js';
import { terraformEnvironment } from '../../../../cli/tools/terraform/terraform-environment.js';
import { terraformFailed } from '../../../../cli/tools/terraform/terraform-failure.js';
import { errorsIn, parseUiLine, type TerraformDiagnostic } from '../../../../cli/tools/terraform/ui-line.js';

const hook = (type: string, addr: string, action: string, seconds = 0): string =>
  JSON.stringify({
    '@level': 'info',
    '@message': `${addr}: …`,
    '@module': 'terraform.ui',
    '@timestamp': '2026-03-04T05:06:07.891000Z',
    [type === 'planned_change' ? 'change' : 'hook']: {
      resource: {
        addr,
        module: '',
        resource: addr,
        implied_provider: 'google',
        resource_type: addr.split('.')[0],
        resource_name: addr.split('.')[1],
        resource_key: null,
      },
      action,
      ...(type === 'planned_change' || type === 'apply_start' ? {} : { elapsed_seconds: seconds }),
    },
    type,
  });

/** Recorded from terraform 1.11.4: an apply of a saved plan that fails in the middle. */
const recorded = [
  '{"@level":"info","@message":"Terraform 1.11.4","@module":"terraform.ui","@timestamp":"2026-11-28T21:57:36.651398Z","terraform":"1.11.4","type":"version","ui":"1.2"}',
  '{"@level":"info","@message":"terraform_data.a: Plan to create","@module":"terraform.ui","@timestamp":"2026-11-28T21:57:36.665557Z","change":{"resource":{"addr":"terraform_data.a","module":"","resource":"terraform_data.a","implied_provider":"terraform","resource_type":"terraform_data","resource_name":"a","resource_key":null},"action":"create"},"type":"planned_change"}',
  '{"@level":"info","@message":"terraform_data.b: Plan to create","@module":"terraform.ui","@timestamp":"2026-11-28T21:57:36.665658Z","change":{"resource":{"addr":"terraform_data.b","module":"","resource":"terraform_data.b","implied_provider":"terraform","resource_type":"terraform_data","resource_name":"b","resource_key":null},"action":"create"},"type":"planned_change"}',
  '{"@level":"info","@message":"terraform_data.b: Creating...","@module":"terraform.ui","@timestamp":"2026-11-28T21:57:36.676957Z","hook":{"resource":{"addr":"terraform_data.b","module":"","resource":"terraform_data.b","implied_provider":"terraform","resource_type":"terraform_data","resource_name":"b","resource_key":null},"action":"create"},"type":"apply_start"}',
  '{"@level":"info","@message":"terraform_data.b: Creation complete after 0s [id=d1b82fd2-62d8-68a7-f6ab-c4a02e9ac2a8]","@module":"terraform.ui","@timestamp":"2026-11-28T21:57:36.677339Z","hook":{"resource":{"addr":"terraform_data.b","module":"","resource":"terraform_data.b","implied_provider":"terraform","resource_type":"terraform_data","resource_name":"b","resource_key":null},"action":"create","id_key":"id","id_value":"d1b82fd2-62d8-68a7-f6ab-c4a02e9ac2a8","elapsed_seconds":0},"type":"apply_complete"}',
  '{"@level":"info","@message":"terraform_data.a: Creating...","@module":"terraform.ui","@timestamp":"2026-11-28T21:57:36.684497Z","hook":{"resource":{"addr":"terraform_data.a","module":"","resource":"terraform_data.a","implied_provider":"terraform","resource_type":"terraform_data","resource_name":"a","resource_key":null},"action":"create"},"type":"apply_start"}',
  '{"@level":"info","@message":"terraform_data.a: Provisioning with \'local-exec\'...","@module":"terraform.ui","@timestamp":"2026-11-28T21:57:36.685164Z","hook":{"resource":{"addr":"terraform_data.a","module":"","resource":"terraform_data.a","implied_provider":"terraform","resource_type":"terraform_data","resource_name":"a","resource_key":null},"provisioner":"local-exec"},"type":"provision_start"}',
  '{"@level":"info","@message":"terraform_data.a: Creation errored after 0s","@module":"terraform.ui","@timestamp":"2026-11-28T21:57:36.710082Z","hook":{"resource":{"addr":"terraform_data.a","module":"","resource":"terraform_data.a","implied_provider":"terraform","resource_type":"terraform_data","resource_name":"a","resource_key":null},"action":"create","elapsed_seconds":0},"type":"apply_errored"}',
  '{"@level":"error","@message":"Error: local-exec provisioner error","@module":"terraform.ui","@timestamp":"2026-11-28T21:57:36.724426Z","diagnostic":{"severity":"error","summary":"local-exec provisioner error","detail":"Error running command \'exit 3\': exit status 3. Output: ","address":"terraform_data.a","range":{"filename":"cdk.tf.json","start":{"line":2,"column":96,"byte":166},"end":{"line":2,"column":97,"byte":167}},"snippet":{"context":"resource.terraform_data.a.provisioner[0].local-exec","code":"…","start_line":2,"highlight_start_offset":95,"highlight_end_offset":96,"values":[]}},"type":"diagnostic"}',
];

function told(lines: readonly string[]) {
  const texts: string[] = [];
  let progress = notBegun;
  for (const line of lines) {
    const event = parseUiLine(line);
    if (event === undefined) continue;
    progress = nextProgress(progress, event);
    const text = progressText(progress, event);
    if (text !== undefined) texts.push(text);
  }
  return { texts, progress };
}

test('progress is what Terraform says: planned, done, under way, failed', () => {
  expect(told(recorded.slice(0, 6)).progress).toEqual({
    planned: 2,
    done: ['terraform_data.b'],
    current: ['terraform_data.a'],
    failed: [],
    replacing: [],
  });
  expect(told(recorded).progress).toMatchObject({ current: [], failed: ['terraform_data.a'] });
  expect(told(recorded).texts).toEqual(['1/2 terraform_data.b: created', '1/2 terraform_data.a: could not be created']);
});

test('a replacement counts once, and what takes long is told each minute', () => {
  const lines = [
    hook('planned_change', 'google_redis_instance.Cache', 'replace'),
    hook('planned_change', 'google_project_service.Run', 'no-op'),
    hook('apply_start', 'google_redis_instance.Cache', 'delete'),
    hook('apply_progress', 'google_redis_instance.Cache', 'delete', 50),
    hook('apply_progress', 'google_redis_instance.Cache', 'delete', 60),
    hook('apply_complete', 'google_redis_instance.Cache', 'delete', 62),
    hook('apply_start', 'google_redis_instance.Cache', 'create'),
    hook('apply_complete', 'google_redis_instance.Cache', 'create', 240),
    'not JSON',
    '{ broken',
  ];

  expect(told(lines)).toEqual({
    texts: [
      '0/1 google_redis_instance.Cache: not yet deleted after 60 s',
      '0/1 google_redis_instance.Cache: deleted after 62 s',
      '1/1 google_redis_instance.Cache: created after 240 s',
    ],
    progress: { planned: 1, done: ['google_redis_instance.Cache'], current: [], failed: [], replacing: [] },
  });
});

test('a failed resource is told with what and where', () => {
  expect(terraformFailed('service', 'apply', errorsIn(recorded))).toMatchObject({
    code: 'StepFailed',
    message:
      "stack service could not be deployed: terraform_data.a: local-exec provisioner error: Error running command 'exit 3': exit status 3. Output",
    data: { stack: 'service', diagnostics: [{ summary: 'local-exec provisioner error', address: 'terraform_data.a' }] },
  });
});

test.each([
  [
    'Error creating Service: googleapi: Error 409: Resource already exists., alreadyExists',
    'apply',
    'StepFailed',
    /^something of that name/,
  ],
  [
    'googleapi: Error 403: Permission denied on resource project x., forbidden',
    'apply',
    'EnvironmentNotReady',
    /^allow what/,
  ],
  [
    'googleapi: Error 403: Cloud Run Admin API has not been used in project 1 before or it is disabled., accessNotConfigured',
    'apply',
    'EnvironmentNotReady',
    /^enable the API/,
  ],
  [
    'storage.NewClient() failed: dialing: google: could not find default credentials. See https://cloud…',
    'init',
    'EnvironmentNotReady',
    /^log in/,
  ],
  ["querying Cloud Storage failed: storage: bucket doesn't exist", 'init', 'EnvironmentNotReady', /bootstrap/],
  ['Failed to query available provider packages', 'init', 'EnvironmentNotReady', /mirror/],
  ['Saved plan is stale', 'apply', 'PlanStale', /^run it again/],
  ['Resource google_sql_database_instance.Postgres has lifecycle.prevent_destroy set', 'plan', 'Refused', /^undo/],
  ['googleapi: Error 503: backend unavailable', 'plan', 'ToolFailed', /^run it again/],
] as const)('%s: there is something to do about it', (summary, phase, code, fix) => {
  const error = terraformFailed('foundation', phase, [{ severity: 'error', summary, detail: '' }]);

  expect(error).toMatchObject({ code, fix: expect.stringMatching(fix) as string });
});

test('errors of commands without JSON are read from their text', () => {
  const framed = ['╷', '│ Error: Failed to load state', '│ ', '│ storage: object doesn’t exist', '╵'];

  expect(errorsIn(framed)).toEqual([
    { severity: 'error', summary: 'Failed to load state', detail: 'storage: object doesn’t exist' },
  ]);
  expect(errorsIn(['Failed to unlock state: LocalState not locked'])).toMatchObject([
    { summary: 'Failed to unlock state: LocalState not locked' },
  ]);
});

const heldLock: TerraformDiagnostic = {
  severity: 'error',
  summary: 'Error acquiring the state lock',
  detail:
    'Error message: writing "gs://states/a/default.tflock" failed: googleapi: Error 412: conditionNotMet\nLock Info:\n  ID:        1700000000000001\n  Path:      gs://states/a/default.tflock\n  Operation: OperationTypeApply\n  Who:       ada@ci-7\n  Version:   1.11.4\n  Created:   2026-11-28 21:57:28.43077916 +0000 UTC\n  Info:      \n\n\nTerraform acquires a state lock…',
};

const leftLock: TerraformDiagnostic = {
  ...heldLock,
  summary: 'Error releasing the state lock',
  detail: heldLock.detail.replace(
    /^Error message: .*/,
    'Error message: Delete "https://storage.googleapis.com/…": EOF',
  ),
};

test('a lock that could not be freed is none that somebody holds', () => {
  const other: TerraformDiagnostic = { severity: 'error', summary: 'Error creating Release', detail: 'Error 500' };

  expect(leftLockIn([other, leftLock])?.id).toBe('1700000000000001');
  expect(lockIn([other, leftLock])).toBeUndefined();
  expect(leftLockIn([other, heldLock])).toBeUndefined();
  expect([other, leftLock, heldLock].map(isOfRelease)).toEqual([false, true, false]);
});

test('the holder of a lock is told by name, time, operation and id', () => {
  const lock = lockIn([heldLock]);

  expect(lock).toEqual({
    id: '1700000000000001',
    path: 'gs://states/a/default.tflock',
    operation: 'OperationTypeApply',
    who: 'ada@ci-7',
    since: '2026-11-28T21:57:28.430Z',
  });
  expect(lock === undefined ? undefined : lockedByOthers('service', lock, 'FREE')).toMatchObject({
    code: 'Locked',
    message: 'the state of service is locked by an apply of ada@ci-7 since 2026-11-28T21:57:28.430Z',
    fix: 'wait until it has ended. If nothing of it runs any more: FREE',
  });
  expect(lockIn([{ severity: 'error', summary: 'Saved plan is stale', detail: '' }])).toBeUndefined();
});

test('a lock is ours and dead only when an apply of ours that nobody saw end took it', () => {
  const lock = lockIn([heldLock]);
  const taken = Date.parse('2026-11-28T21:57:28.430Z');
  const marker = (...begun: number[]) => ({ pid: 1, startTime: 'x', begun });
  if (lock === undefined) throw new Error('no lock');

  expect(isOurDeadLock(lock, marker(taken - 500), 'ada@ci-7')).toBe(true);
  expect(isOurDeadLock(lock, marker(0, taken - 500, taken + 10 ** 7), 'ada@ci-7')).toBe(true);
  expect(isOurDeadLock(lock, marker(taken - 120_000), 'ada@ci-7')).toBe(false);
  expect(isOurDeadLock(lock, marker(taken + 5000), 'ada@ci-7')).toBe(false);
  expect(isOurDeadLock(lock, marker(taken - 500), 'eve@ci-7')).toBe(false);
  expect(isOurDeadLock({ ...lock, operation: 'state-push' }, marker(taken - 500), 'ada@ci-7')).toBe(false);
  expect(isOurDeadLock(lock, undefined, 'ada@ci-7')).toBe(false);
});

test('command lines ask nothing, and never leave out the refresh', () => {
  expect(initArguments({ hasLockFile: true })).toEqual([
    'init',
    '-input=false',
    '-no-color',
    '-reconfigure',
    '-lockfile=readonly',
  ]);
  expect(initArguments({ hasLockFile: false })).not.toContain('-lockfile=readonly');
  expect(planArguments({ out: 'plan.bin', destroy: false })).toEqual([
    'plan',
    '-input=false',
    '-json',
    '-detailed-exitcode',
    '-lock=false',
    '-out=plan.bin',
  ]);
  expect(planArguments({ out: 'plan.bin', destroy: true })).toContain('-destroy');
  expect(applyArguments('plan.bin')).toEqual(['apply', '-input=false', '-json', 'plan.bin']);
  expect(showArguments('plan.bin')).toEqual(['show', '-no-color', '-json', 'plan.bin']);
  expect(unlockArguments('7')).toEqual(['force-unlock', '-no-color', '-force', '7']);
});

test('Terraform sees the credentials of Google Cloud and what it needs, and nothing else of ours', () => {
  const environment = terraformEnvironment(
    {
      PATH: '/bin',
      HOME: '/home/ada',
      GOOGLE_APPLICATION_CREDENTIALS: '/key.json',
      CLOUDSDK_CONFIG: '/gcloud',
      HTTPS_PROXY: 'http://proxy',
      TF_CLI_CONFIG_FILE: '/rc',
      TF_LOG: 'trace',
      TF_CLI_ARGS_apply: '-auto-approve',
      TF_VAR_postgres_password: 'of the shell',
      TF_WORKSPACE: 'other',
      TF_DATA_DIR: '/elsewhere',
      OPENAI_API_KEY: 'sk',
      AWS_SECRET_ACCESS_KEY: 'x',
    },
    { postgres_password: 'given' },
  );

  expect(environment).toEqual({
    PATH: '/bin',
    HOME: '/home/ada',
    GOOGLE_APPLICATION_CREDENTIALS: '/key.json',
    CLOUDSDK_CONFIG: '/gcloud',
    HTTPS_PROXY: 'http://proxy',
    TF_CLI_CONFIG_FILE: '/rc',
    TF_PLUGIN_CACHE_DIR: '/home/ada/.cache/agentctl/terraform-plugins',
    TF_VAR_postgres_password: 'given',
    TF_IN_AUTOMATION: '1',
    TF_INPUT: '0',
    NO_COLOR: '1',
    CHECKPOINT_DISABLE: '1',
  });
});

test('write-only arguments are of 1.11', () => {
  expect(['1.11.0', '1.12.0-beta1', '1.10.5', '0.15.0', '2.0.0'].map(isNewEnough)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
});
