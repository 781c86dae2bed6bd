import { expect, test } from 'vitest';
import { environmentFile } from '../../../../stacks/local/compose/index.js';
import { specNamed } from './compose-files.js';

const context = { spec: specNamed('web'), stage: 'local' };

test('a new file has a password for each database and an empty line for each secret', () => {
  let made = 0;
  const { text, missing } = environmentFile(context, undefined, () => `password-${(made += 1)}`);

  expect(text).toBe(`# Secret values for compose.yaml. Keep this file out of version control and out of images.
COMPOSE_PROJECT_NAME=web-agent-local
# Passwords of the databases, generated once.
POSTGRES_PASSWORD=password-1
CACHE_PASSWORD=password-2
# Secrets of agentctl.yaml. Put a value with a $ in single quotes.
OPENAI_API_KEY=
`);
  expect(missing).toEqual(['OPENAI_API_KEY']);
});

test('a complete file stays as it is, to the byte', () => {
  const existing =
    "COMPOSE_PROJECT_NAME=mine\nCACHE_PASSWORD=c\r\nexport OPENAI_API_KEY = 'k$1'\nPOSTGRES_PASSWORD=p # kept\n\nOTHER=1";

  expect(environmentFile(context, existing, () => 'new')).toEqual({ text: existing, missing: [] });
});

test('what is missing is added below what is there', () => {
  const { text } = environmentFile(context, 'POSTGRES_PASSWORD=kept', () => 'new');

  expect(text).toBe(`POSTGRES_PASSWORD=kept
COMPOSE_PROJECT_NAME=web-agent-local
# Passwords of the databases, generated once.
CACHE_PASSWORD=new
# Secrets of agentctl.yaml. Put a value with a $ in single quotes.
OPENAI_API_KEY=
`);
});

test.each([
  'OPENAI_API_KEY=',
  'OPENAI_API_KEY=""',
  "OPENAI_API_KEY=''",
  'OPENAI_API_KEY= # later',
  '# OPENAI_API_KEY=k',
])('a secret is missing with the line %s', (line) => {
  expect(environmentFile(context, `${line}\n`, () => 'new').missing).toEqual(['OPENAI_API_KEY']);
});
