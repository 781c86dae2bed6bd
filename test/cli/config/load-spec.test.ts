import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadSpec, type LoadOptions } from '../../../cli/config/load-spec.js';
import { loadStages } from '../../../cli/config/load-stages.js';
import { renderProblems } from '../../../cli/config/render-problems.js';

const good = `name: support-agent
services:
  api: { port: 8000, health: { readiness: /health } }
`;

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'agentctl-config-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

function write(content: string | Uint8Array, file = 'agentctl.yaml'): void {
  writeFileSync(join(directory, file), content);
}

async function load(options: Partial<LoadOptions> = {}) {
  return loadSpec({ directory, stage: 'production', ...options });
}

async function textOf(options: Partial<LoadOptions> = {}): Promise<string> {
  const loaded = await load(options);
  return loaded.kind === 'invalid' ? renderProblems(loaded.problems) : 'no problem was found';
}

describe('a good file', () => {
  test('is found in the directory', async () => {
    write(good);

    const loaded = await load();

    expect(loaded).toMatchObject({
      kind: 'loaded',
      file: 'agentctl.yaml',
      directory,
      stage: 'production',
      warnings: [],
    });
  });

  test('may end in .yml', async () => {
    write(good, 'agentctl.yml');

    expect(await load()).toMatchObject({ kind: 'loaded', file: 'agentctl.yml' });
  });

  test('may be named, and paths in it are relative to it', async () => {
    mkdirSync(join(directory, 'deploy'));
    write(good, 'deploy/agent.yaml');

    expect(await load({ file: 'deploy/agent.yaml' })).toMatchObject({
      kind: 'loaded',
      file: 'deploy/agent.yaml',
      directory: join(directory, 'deploy'),
    });
  });

  test('may come from standard input', async () => {
    expect(await load({ file: '-', stdin: async () => good })).toMatchObject({ kind: 'loaded', file: '-', directory });
  });

  test('may begin with a byte order mark', async () => {
    write(`\uFEFF${good}`);

    expect(await load()).toMatchObject({ kind: 'loaded' });
  });

  test('may have Windows line ends', async () => {
    write(good.replaceAll('\n', '\r\n'));

    expect(await load()).toMatchObject({ kind: 'loaded' });
  });

  test('may give a fraction a trailing zero where a fraction belongs', async () => {
    write(
      `${good}observability: { tracing: { samplingRatio: 0.10 } }\nstages: { production: { observability: { tracing: { samplingRatio: 0.50 } } } }\n`,
    );

    expect(await load()).toMatchObject({ kind: 'loaded' });
  });

  test('tells what the chosen target does in its own way', async () => {
    write(`${good.replace('port:', 'command: [serve], port:')}postgres: { highAvailability: true }\n`);

    const loaded = await load({ target: 'local' });

    expect(loaded.kind === 'loaded' ? loaded.warnings : []).toContainEqual(
      expect.objectContaining({
        code: 'adapted',
        line: 4,
        message: 'on local (process), postgres.highAvailability means: a single server',
      }),
    );
  });
});

test('a warning is about what the file says, not about a default', async () => {
  write(good.replace('port:', 'command: [serve], port:'));

  expect(await load({ target: 'local' })).toMatchObject({ kind: 'loaded', warnings: [] });
});

describe('the hash of a spec', () => {
  async function hashOf(content: string): Promise<string> {
    const loaded = await loadSpec({ directory, file: '-', stage: 'production', stdin: async () => content });
    return loaded.kind === 'loaded' ? loaded.specHash : 'invalid';
  }

  test('ignores order, comments and spelled-out defaults', async () => {
    const same = `# hello
services: { api: { health: { readiness: /health }, port: 8000, drain: 30s } }
env: {}
name: support-agent
`;

    expect(await hashOf(same)).toBe(await hashOf(good));
  });

  test('changes with any setting', async () => {
    expect(await hashOf(good.replace('8000', '8001'))).not.toBe(await hashOf(good));
  });

  test('is SHA-256 in hexadecimal', async () => {
    expect(await hashOf(good)).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('a file that cannot be read', () => {
  test('is missing', async () => {
    expect(await textOf()).toBe(`error[file-not-found]: there is no agentctl.yaml
 --> agentctl.yaml
  = fix: run "agentctl init" to write one, or name the file with -f

1 problem in agentctl.yaml`);
  });

  test('is a directory', async () => {
    mkdirSync(join(directory, 'app'));

    expect(await textOf({ file: 'app' })).toBe(`error[not-a-file]: app is a directory
 --> app
  = fix: name the file: -f app/agentctl.yaml

1 problem in app`);
  });

  test('is not UTF-8', async () => {
    write(
      Buffer.concat([Buffer.from('name: support-agent\nenv: { CITY: K'), Buffer.from([0xf6]), Buffer.from('ln }\n')]),
    );

    expect(await textOf()).toBe(`error[not-utf8]: agentctl.yaml is not UTF-8 text
  --> agentctl.yaml:2:15
   = fix: save the file as UTF-8

1 problem in agentctl.yaml`);
  });

  test('is UTF-16', async () => {
    write(Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(good, 'utf16le')]));

    expect(await textOf()).toBe(`error[not-utf8]: agentctl.yaml is UTF-16 text
 --> agentctl.yaml
  = fix: save the file as UTF-8

1 problem in agentctl.yaml`);
  });

  test('has a NUL byte', async () => {
    write('name: support\0agent\n');

    expect(await textOf()).toBe(`error[not-utf8]: agentctl.yaml is not text: it has a NUL byte
  --> agentctl.yaml:1:14
   = fix: save the file as UTF-8

1 problem in agentctl.yaml`);
  });

  test('is empty standard input', async () => {
    expect(await textOf({ file: '-', stdin: async () => '' })).toContain('1 problem in standard input');
  });
});

describe('a stage', () => {
  const staged = `${good}stages: { staging: {}, production: {} }\n`;

  test('that is not declared is refused', async () => {
    write(staged);

    expect(await textOf({ stage: 'stagin' })).toBe(`error[unknown-stage]: the stage "stagin" is not declared
 --> agentctl.yaml
  = did you mean "staging"?
  = allowed: staging, production, local
  = fix: pass --stage staging

1 problem in agentctl.yaml`);
  });

  test.each(['local', 'production'])('"%s" exists anyway', async (stage) => {
    write(good);

    expect(await load({ stage })).toMatchObject({ kind: 'loaded', stage });
  });

  test('has its problems shown in its overlay', async () => {
    write(`${good}stages:\n  production:\n    services: { api: { port: 70000 } }\n`);

    expect(await textOf()).toContain('--> agentctl.yaml:6:30 (stage production)');
  });

  test('that only misses something points at the base', async () => {
    write(`${good}stages:\n  production:\n    env: { URL: "\${postgres.url}" }\n    services: { web: { port: 80 } }\n`);

    const text = await textOf();

    expect(text).toContain('agentctl.yaml:6:17 (stage production)');
    expect(text).toContain('agentctl.yaml:7:17 (stage production)');
  });
});

describe('all stages', () => {
  test('are checked in one run, and what they share is said once', async () => {
    write(`${good}domain: { name: x }
stages:
  staging: { services: { api: { port: 70000 } } }
  production: { services: { api: { port: 70000 } } }
`);

    const loaded = await loadStages({ directory, defaultStage: 'production' });

    const problems = loaded.kind === 'invalid' ? loaded.problems : [];
    expect(problems.map(({ code, line, stage }) => [code, line, stage])).toEqual([
      ['bad-host-name', 4, undefined],
      ['bad-value', 6, 'staging'],
      ['bad-value', 7, 'production'],
    ]);
  });

  test('are loaded when they are good', async () => {
    write(`${good}stages: { staging: {}, production: {} }\n`);

    const loaded = await loadStages({ directory, defaultStage: 'production' });

    expect(loaded.kind === 'loaded' ? loaded.stages.map(({ stage }) => stage) : []).toEqual(['staging', 'production']);
  });

  test('are just production when none is declared', async () => {
    write(good);

    const loaded = await loadStages({ directory, defaultStage: 'production' });

    expect(loaded.kind === 'loaded' ? loaded.stages.map(({ stage }) => stage) : []).toEqual(['production']);
  });
});
