import { expect, test } from 'vitest';
import { parseChallenge, tokenRequest } from '../../../../cli/tools/images/registry-auth.js';

test('a challenge is read as registries write it', () => {
  expect(parseChallenge('Basic realm="x"')).toEqual({ kind: 'basic' });
  expect(parseChallenge('Bearer realm="https://auth.example.com/token",service="registry.example.com"')).toEqual({
    kind: 'bearer',
    realm: 'https://auth.example.com/token',
    parameters: { service: 'registry.example.com' },
  });
  expect(parseChallenge('Negotiate')).toBeUndefined();
});

const challenge = { kind: 'bearer', realm: 'https://auth.example.com/token', parameters: { service: 's' } } as const;

test('a token is asked for with the account, or without one', () => {
  expect(tokenRequest(challenge, 'repository:a:pull', { username: 'ann', password: 'p' })).toEqual({
    url: 'https://auth.example.com/token?service=s&scope=repository%3Aa%3Apull',
    method: 'GET',
    headers: { authorization: 'Basic YW5uOnA=' },
  });
  expect(tokenRequest(challenge, 'repository:a:pull', undefined)?.headers).toEqual({});
});

test('an identity token is exchanged', () => {
  expect(tokenRequest(challenge, 'repository:a:pull', { username: '<token>', password: 'refresh' })).toMatchObject({
    method: 'POST',
    body: 'grant_type=refresh_token&client_id=agentctl&refresh_token=refresh&scope=repository%3Aa%3Apull&service=s',
  });
});

test('no password is sent in the clear over a network', () => {
  const realm = 'http://auth.example.com/token';

  expect(tokenRequest({ ...challenge, realm }, 'repository:a:pull', { username: 'a', password: 'b' })).toBeUndefined();
  expect(tokenRequest({ ...challenge, realm: 'http://127.0.0.1:5001/token' }, 's', undefined)).toBeDefined();
  expect(tokenRequest({ ...challenge, realm: 'token' }, 's', undefined)).toBeUndefined();
});
