import { expect, test } from 'vitest';
import { passedEnvironment } from '../../../../cli/tools/process/index.js';

test('only what a process needs from its machine is passed on', () => {
  const passed = {
    PATH: '/bin',
    HOME: '/home/a',
    USER: 'a',
    SHELL: '/bin/sh',
    TMPDIR: '/tmp',
    LANG: 'C',
    LC_ALL: 'C',
    LC_TIME: 'C',
    TZ: 'UTC',
    SSL_CERT_FILE: '/c',
    SSL_CERT_DIR: '/d',
    NODE_EXTRA_CA_CERTS: '/e',
    HTTPS_PROXY: 'http://p',
    no_proxy: 'x',
  };
  const withheld = {
    OPENAI_API_KEY: 'sk-x',
    AWS_SECRET_ACCESS_KEY: 'x',
    GITHUB_TOKEN: 'x',
    NODE_OPTIONS: '--inspect',
    LD_PRELOAD: '/x.so',
    PGPASSWORD: 'x',
    DATABASE_URL: 'x',
    PROXY_PASSWORD: 'x',
    UNSET: undefined,
  };

  expect(passedEnvironment({ ...passed, ...withheld })).toEqual(passed);
});
