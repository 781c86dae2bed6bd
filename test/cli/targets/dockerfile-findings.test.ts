import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { dockerfileFindings } from '../../../cli/targets/dockerfile-findings.js';
import { serviceInput, validSpec } from '../../stacks/spec/valid-spec.js';

const secret = 'sk-proj-canary0123456789';

async function directoryWith(files: Readonly<Record<string, string>>): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'agentctl-dockerfiles-'));
  onTestFinished(async () => await rm(directory, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(directory, name, '..'), { recursive: true });
    await writeFile(join(directory, name), text);
  }
  return directory;
}

test('every Dockerfile of a spec is looked at once, and named with the line', async () => {
  const directory = await directoryWith({
    Dockerfile: `FROM python:3.13-slim\nENV OPENAI_API_KEY=${secret}\nUSER app\n`,
    'services/api/prod.Dockerfile': 'FROM python:3.13-slim\nUSER app\nCMD ["serve"]\n',
  });
  const api = { image: { build: { context: 'services/api', dockerfile: 'prod.Dockerfile' } } };
  const spec = validSpec(
    serviceInput(api, {
      migrations: [{ command: ['migrate'] }],
      schedules: { a: { cron: '0 3 * * *', command: ['x'] } },
    }),
  );

  const findings = await dockerfileFindings(spec, directory);

  expect(findings.map(({ level, message }) => `${level} ${message}`)).toEqual([
    'ok services/api/prod.Dockerfile',
    'warning Dockerfile:2: the value of ENV OPENAI_API_KEY looks like a secret, and stays readable in the image',
  ]);
  expect(JSON.stringify(findings)).not.toContain('canary');
});

test('one that is not there is a problem', async () => {
  const spec = validSpec(serviceInput({}));

  expect(await dockerfileFindings(spec, await directoryWith({}))).toMatchObject([
    { level: 'problem', message: 'Dockerfile is not there' },
  ]);
});

test('an image from a registry has none', async () => {
  const spec = validSpec(serviceInput({ image: { ref: `app@sha256:${'0'.repeat(64)}` } }));

  expect(await dockerfileFindings(spec, await directoryWith({}))).toEqual([]);
});
