import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type DockerfileBuild, lintDockerfile } from '../../../cli/dockerfile/index.js';

/** The findings as `line rule`. */
const found = (text: string, build?: DockerfileBuild) =>
  lintDockerfile(text, build).map(({ line, rule }) => `${line} ${rule}`);
const good = 'FROM python:3.13-slim\nUSER 10001\n';

test('all findings of a file come in the order of its lines, each with what to do', () => {
  const text = readFileSync(join(import.meta.dirname, '../../fixtures/projects/node-agent/Dockerfile'), 'utf8');

  expect(lintDockerfile(text)).toEqual([
    {
      rule: 'root-user',
      line: 1,
      message: 'no USER: the image runs as the user of its base, which usually is root',
      fix: 'add "USER 10001:10001" (a number, so that a cluster can tell it is not root) before CMD',
    },
    {
      rule: 'shell-form',
      line: 5,
      message: 'a shell runs this CMD and keeps SIGTERM from the program',
      fix: 'write it as a list, CMD ["program", "argument"], or put exec before the program',
    },
  ]);
});

test('the example of this repository has none', () => {
  expect(found(readFileSync(join(import.meta.dirname, '../../../examples/quickstart/Dockerfile'), 'utf8'))).toEqual([]);
});

describe('the user', () => {
  test.each([
    ['FROM a:1', ['1 root-user']],
    ['FROM a:1\nUSER root', ['2 root-user']],
    ['FROM a:1\nUSER 0:0', ['2 root-user']],
    ['FROM a:1\nUSER app\nRUN x\nUSER root', ['4 root-user']],
    ['FROM a:1\nUSER root\nRUN x\nUSER app', []],
    ['FROM a:1 AS build\nUSER app\nFROM b:1', ['3 root-user']],
    ['FROM a:1 AS base\nUSER app\nFROM base', []],
    ['FROM gcr.io/distroless/python3-debian12:nonroot', []],
    ['FROM a:1\nUSER ${UID}', []],
  ])('%j', (text, findings) => {
    expect(found(text)).toEqual(findings);
  });

  test('is that of the stage that is built', () => {
    const text = 'FROM a:1 AS prod\nUSER app\nFROM prod AS dev\nUSER root';

    expect(found(text)).toEqual(['4 root-user']);
    expect(found(text, { target: 'prod' })).toEqual([]);
  });
});

describe('the base', () => {
  test.each([
    ['FROM python', true],
    ['FROM python:latest', true],
    ['FROM localhost:5000/python', true],
    ['FROM --platform=linux/amd64 python AS x', true],
    ['FROM python:3.13', false],
    [`FROM python@sha256:${'0'.repeat(64)}`, false],
    ['FROM scratch', false],
    ['ARG V=3.13\nFROM python:${V}', false],
    ['ARG V=latest\nFROM python:$V', true],
    ['ARG BASE\nFROM $BASE', false],
    ['FROM python:${V:-latest}', true],
  ])('%j moves: %s', (text, moves) => {
    expect(found(`${text}\nUSER app`).some((finding) => finding.endsWith('moving-base'))).toBe(moves);
  });

  test('may be a stage of the file, however it is written', () => {
    expect(found('FROM a:1 AS Base\nUSER app\nFROM base')).toEqual([]);
  });

  test('may come from a build argument', () => {
    expect(found('ARG BASE=python\nFROM $BASE\nUSER app', { args: { BASE: 'python:3.13' } })).toEqual([]);
  });
});

describe('what is started', () => {
  test.each([
    ['CMD ["uvicorn", "app:app"]', []],
    ['CMD [ "a", \\\n  "b" ]', []],
    ['CMD exec uvicorn app:app', []],
    ['CMD uvicorn app:app', ['3 shell-form']],
    ['ENTRYPOINT /start.sh', ['3 shell-form']],
    ["CMD ['uvicorn', 'app:app']", ['3 shell-form']],
    ['CMD a\nCMD ["a"]', []],
    ['HEALTHCHECK CMD curl -f http://localhost\nCMD ["a"]', []],
  ])('%j', (text, findings) => {
    expect(found(`${good}${text}`)).toEqual(findings);
  });

  test('is inherited from the stage below', () => {
    expect(found(`FROM a:1 AS base\nUSER app\nCMD run\nFROM base`)).toEqual(['3 shell-form']);
  });
});

describe('secrets', () => {
  test.each([
    ['ENV OPENAI_API_KEY=canary-4f9a8b7c6d5e', ['3 baked-secret']],
    ['ENV A=b \\\n  DB_PASSWORD="canary hunter 2"', ['4 baked-secret']],
    ['ENV JWT_SECRET canary-4f9a8b7c6d5e', ['3 baked-secret']],
    ['ENV NPM_TOKEN=$NPM_TOKEN', ['3 baked-secret']],
    ['ENV URL=postgres://app:canary-pass@db/app', ['3 baked-secret']],
    ['ARG NPM_TOKEN', ['3 baked-secret']],
    ['ARG PASSWORD=canary-4f9a8b7c6d5e', ['3 baked-secret']],
    ['RUN pip install --index-url https://ci:canary-pass@pypi.example.com/simple x', ['3 baked-secret']],
    ['LABEL key=ghp_canary0123456789abcdef', ['3 baked-secret']],
    ['ENV OPENAI_API_KEY=""', []],
    ['ENV TOKENIZERS_PARALLELISM=false MAX_TOKENS=4096', []],
    ['ENV SECRET_KEY_FILE=/run/secrets/key', []],
    ['ARG PYTHON_VERSION=3.13', []],
    ['RUN --mount=type=secret,id=NPM_TOKEN npm ci', []],
    ['RUN curl https://ci:$TOKEN@example.com https://ci:$(cat /run/secrets/t)@example.com', []],
  ])('%j', (text, findings) => {
    expect(found(`${good}${text}`)).toEqual(findings);
    expect(JSON.stringify(lintDockerfile(`${good}${text}`))).not.toMatch(/canary|hunter/);
  });

  test('count before the first stage and in every stage', () => {
    expect(found(`ARG API_TOKEN\nFROM a:1 AS build\nENV DB_PASSWORD=x7x7x7x7\n${good}`)).toEqual([
      '1 baked-secret',
      '3 baked-secret',
    ]);
  });
});

test.each(['', '# nothing', 'not a Dockerfile', 'FROM', 'ARG', 'ENV', 'CMD', 'USER', '{"a": 1}'])(
  'a text like %j is no reason to fall over',
  (text) => {
    expect(() => lintDockerfile(`${good}${text}`)).not.toThrow();
    expect(() => lintDockerfile(text)).not.toThrow();
  },
);

test('neither is any other text', () => {
  const word = fc.constantFrom(
    'FROM',
    'a',
    'AS',
    'ARG',
    'ENV',
    'X=',
    '"',
    "'",
    '$',
    '{',
    '\\\n',
    '\n',
    '<<EOF',
    ' ',
    '[',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(word, fc.string()), { maxLength: 20 }), (words) => {
      lintDockerfile(words.join(''));
    }),
  );
});
