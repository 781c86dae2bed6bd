import { expect, test } from 'vitest';
import { suggest, suggestReference } from '../../../cli/config/suggest.js';
import { allowedKeysAt, targetKinds } from '../../../stacks/spec/index.js';

const root = allowedKeysAt([]);
const service = allowedKeysAt(['services', 'api']);

test.each([
  ['databse', root, 'postgres'],
  ['database', root, 'postgres'],
  ['Services', root, 'services'],
  ['service', root, 'services'],
  ['environment', root, 'env'],
  ['environments', root, 'stages'],
  ['secret', root, 'secrets'],
  ['redis', root, 'cache'],
  ['healthcheck', service, 'health.readiness'],
  ['health_path', service, 'health.readiness'],
  ['replicas', service, 'scale.min'],
  ['commnad', service, 'command'],
  ['startup_timeout', allowedKeysAt(['services', 'api', 'health']), 'startupTimeout'],
  ['certificate_arn', allowedKeysAt(['clouds', 'aws']), 'certificateArn'],
  ['gpc', targetKinds, 'gcp'],
  ['k8s', targetKinds, 'kubernetes'],
  ['prd', ['staging', 'production'], undefined],
  ['prodction', ['staging', 'production'], 'production'],
  ['xyz', root, undefined],
])('%s', (word, candidates, meant) => {
  expect(suggest(word, candidates)).toBe(meant);
});

test.each([
  ['${postgress.url}', '${postgres.url}'],
  ['${database.url}', '${postgres.url}'],
  ['${postgres.hostname}', '${postgres.host}'],
  ['${postgres.direct_url}', '${postgres.directUrl}'],
  ['${secrets.OPENAI_KEY}', '${secrets.OPENAI_API_KEY}'],
  ['${HOME}', undefined],
])('%s', (reference, meant) => {
  const known = [
    '${postgres.host}',
    '${postgres.url}',
    '${postgres.directUrl}',
    '${secrets.OPENAI_API_KEY}',
    '${stage}',
  ];

  expect(suggestReference(reference, known)).toBe(meant);
});
