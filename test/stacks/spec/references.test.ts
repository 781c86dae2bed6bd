import { describe, expect, test } from 'vitest';
import { isSecretReference, isSecretTemplate, secretNamesIn } from '../../../stacks/spec/index.js';
import { codesOf, problemsOf, specInput, validSpec } from './valid-spec.js';

describe('isSecretReference', () => {
  test.each([
    'postgres.password',
    'postgres.url',
    'postgres.directUrl',
    'search.password',
    'cache.url',
    'cache.password',
    'queue.url',
    'secrets.A',
  ])('%s is secret', (reference) => {
    expect(isSecretReference(reference)).toBe(true);
  });

  test.each(['postgres.host', 'postgres.user', 'search.url', 'cache.host', 'stage', 'release.id', 'services.api.url'])(
    '%s is not secret',
    (reference) => {
      expect(isSecretReference(reference)).toBe(false);
    },
  );

  test('the URL of an external search cluster is secret when it is made of a secret', () => {
    const secret = validSpec(specInput({ secrets: ['SEARCH'], search: { external: '${secrets.SEARCH}' } }));
    const open = validSpec(specInput({ search: { external: 'https://search.example.com' } }));

    expect(isSecretReference('search.url', secret)).toBe(true);
    expect(isSecretReference('search.url', open)).toBe(false);
  });
});

test('a text is secret as soon as one of its references is', () => {
  expect(isSecretTemplate('${postgres.host}:${postgres.password}')).toBe(true);
  expect(isSecretTemplate('${postgres.host}:${postgres.port}')).toBe(false);
  expect(isSecretTemplate('$${postgres.password}')).toBe(false);
});

test('secretNamesIn lists the declared secrets a text uses', () => {
  expect(secretNamesIn('${secrets.A}/${postgres.url}/${secrets.B}')).toEqual(['A', 'B']);
});

describe('the references rule', () => {
  test('accepts every documented reference', () => {
    const env = Object.fromEntries(
      [
        ...['host', 'port', 'user', 'password', 'database', 'url', 'directUrl'].map((field) => `postgres.${field}`),
        ...['url', 'username', 'password'].map((field) => `search.${field}`),
        ...['url', 'host', 'port', 'password'].map((field) => `cache.${field}`),
        'queue.url',
        'secrets.KEY',
        'services.api.url',
        'stage',
        'release.id',
      ].map((reference, index) => [`V${index}`, `<\${${reference}}>`]),
    );

    const input = specInput({ env, secrets: ['KEY'], postgres: {}, search: {}, cache: {}, queue: {} });

    expect(problemsOf(input)).toEqual([]);
  });

  test('knows only the URL of an external database', () => {
    const postgres = { external: '${secrets.DATABASE_URL}' };
    const env = { A: '${postgres.url}', B: '${postgres.host}' };

    expect(codesOf(specInput({ env, postgres, secrets: ['DATABASE_URL'] }))).toEqual(['unknown-reference env.B']);
  });

  test('an external URL may refer to nothing but secrets', () => {
    const input = specInput({ postgres: {}, search: { external: 'https://${postgres.host}' } });

    expect(codesOf(input)).toEqual(['unknown-reference search.external']);
  });

  test('says nothing about a section that may only be misspelt', () => {
    const input = specInput({ postgress: {}, env: { URL: '${postgres.url}' } });

    expect(codesOf(input)).toEqual(['unknown-key postgress']);
  });
});
