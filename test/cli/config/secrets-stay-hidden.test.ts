import { expect, test } from 'vitest';
import { loadSpec } from '../../../cli/config/load-spec.js';
import { renderProblems } from '../../../cli/config/render-problems.js';

const token = 'sk-proj-CANARY0123456789abcdef';
const password = 'CANARY-hunter2';

test.each([
  ['in env', `env: { OPENAI_API_KEY: ${token} }`],
  ['under an innocent name', `env: { MODEL: ${token} }`],
  ['as a password', `env: { DB_PASSWORD: ${password} }`],
  ['in a URL', `env: { DATABASE_URL: "postgresql://app:${password}@db/app" }`],
  ['beside another problem on the line', `env: { OPENAI_API_KEY: ${token}, PORT: "1", URL: "\${nope}" }`],
  ['after a syntax error on its line', `env: { OPENAI_API_KEY: ${token}`],
  ['in a text that is never closed', `env:\n  OPENAI_API_KEY: "${token}`],
  ['in a password that is never closed', `env:\n  DB_PASSWORD: "${password} and more`],
  ['in a list', `env:\n  - OPENAI_API_KEY=${token}`],
  ['in a list on one line', `env: [DB_PASSWORD=${password}, "X=${password}"]`],
  ['under secrets', `secrets: { OPENAI_API_KEY: ${token}, JWT: ${password} }`],
  ['under secrets as a block', `secrets:\n  JWT: ${password}`],
  ['as the name of a secret', `secrets: ["JWT=${password}", "${token}"]`],
  ['as a number', 'env: { PIN: 1234567890 }'],
  ['as a number with a leading zero', 'env: { DB_PASSWORD: 01234567890 }'],
  ['as a number that is too large', 'env: { API_TOKEN: 12345678901234567890123 }'],
  ['behind an unknown tag', `env: { OPENAI_API_KEY: !secret ${token} }`],
  ['twice', `env: { A: ${token} }\nenv: { DB_PASSWORD: ${password} }`],
  ['in a block text', `env:\n  KEY: |\n    ${token}`],
  ['in a build argument', `image: { build: { args: { NPM_TOKEN: ${password} } } }`],
  ['in an external URL', `postgres: { external: "postgresql://app:${password}@db/app" }`],
  ['in a bad external URL', `postgres: { external: "postgresql://app:${password}@db/app", size: huge }`],
  ['in an image reference', `image: { ref: "https://user:${password}@registry.example.com/app" }`],
  [
    'in a schedule',
    `schedules: { a: { cron: "0 3 * * *", command: "run --key ${token}", env: { DB_PASSWORD: ${password} } } }`,
  ],
  ['in a command', `schedules: { a: { cron: "0 3 * * *", command: [run, --key, ${token}] } }`],
  ['where a map belongs', `postgres: ${token}`],
  ['as a domain', `domain: { name: "https://app:${password}@agent.example.com" }`],
  ['in a stage', `stages: { production: { env: { DB_PASSWORD: ${password} } } }`],
  ['as a region', `clouds: { aws: { region: ${token} } }`],
])('a secret %s is never shown', async (_, lines) => {
  const text = `name: support-agent\nservices: { api: {} }\n${lines}\n`;

  const loaded = await loadSpec({ directory: '/', file: '-', stage: 'production', stdin: async () => text });

  expect(loaded.kind).toBe('invalid');
  const problems = loaded.kind === 'invalid' ? loaded.problems : [];
  const shown = `${JSON.stringify(problems)} ${renderProblems(problems)}`;
  expect(shown).not.toMatch(/CANARY|hunter2|1234567890/);
});
