import { expect, test } from 'vitest';
import { publicAddress } from '../../../../cli/tools/git/git-source.js';

test.each([
  ['https://github.com/acme/agent.git', 'https://github.com/acme/agent'],
  ['https://x-access-token:ghs_secret@github.com/acme/agent', 'https://github.com/acme/agent'],
  ['git@github.com:acme/agent.git', 'https://github.com/acme/agent'],
  ['ssh://git@git.example.com:2222/acme/agent.git', 'https://git.example.com/acme/agent'],
  ['http://localhost:3000/acme/agent', 'https://localhost:3000/acme/agent'],
  ['/srv/git/agent.git', undefined],
  ['../agent', undefined],
  ['', undefined],
])('%s is %s to the public', (remote, address) => {
  expect(publicAddress(remote)).toBe(address);
});
