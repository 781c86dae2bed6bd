import { chmodSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type LocalProject, story } from '../support/local-project.js';
import { isInstalled } from '../support/local-requirements.js';

const canary = 'canary-a41be7c09d35';

/** What a shell of a developer or of a CI service holds. */
const credentials = {
  AWS_SECRET_ACCESS_KEY: canary,
  GITHUB_TOKEN: canary,
  PGPASSWORD: canary,
  AGENTCTL_CANARY: canary,
};

const dump = `
import { writeFileSync } from 'node:fs';
writeFileSync(process.env.HOME + '/build.environment', JSON.stringify(process.env));
`;

/** A `git` in front of the real one that notes the environment it is given. */
async function spyOnGit({ home }: LocalProject): Promise<string> {
  const directory = join(home, 'bin');
  await mkdir(directory);
  await writeFile(join(directory, 'git'), `#!/bin/sh\nenv > '${home}/git.environment'\nexit 1\n`);
  chmodSync(join(directory, 'git'), 0o755);
  return directory;
}

function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8');
  } catch {
    return '';
  }
}

describe.skipIf(!isInstalled('env') || process.platform !== 'linux')('the environment of agentctl', () => {
  const told = story(async (open) => {
    const project = await open({ config: { postgres: true, build: true } });
    await project.write('build.mjs', dump);
    const path = `${await spyOnGit(project)}:${process.env['PATH']}`;
    const deploy = await project.agentctl(['deploy', '--yes'], { environment: { ...credentials, PATH: path } });
    const running = project.processes().map(({ pid, commandLine }) => ({ commandLine, text: environmentOf(pid) }));
    return {
      deploy,
      running,
      git: readFileSync(join(project.home, 'git.environment'), 'utf8'),
      build: readFileSync(join(project.home, 'build.environment'), 'utf8'),
    };
  });

  test('reaches no program that it runs: neither git nor a build', () => {
    expect(told().deploy).toMatchObject({ exitCode: 0 });
    expect(told().git).toContain('PATH=');
    expect(told().git).not.toContain(canary);
    expect(told().build).not.toContain(canary);
  });

  test('reaches nothing that stays: neither supervisor, nor database, nor replica', () => {
    const { running } = told();

    expect(running.some(({ commandLine }) => commandLine.includes('supervisor'))).toBe(true);
    expect(running.some(({ commandLine }) => commandLine.includes('postgres'))).toBe(true);
    expect(running.some(({ commandLine }) => commandLine.includes('app.mjs'))).toBe(true);
    expect(running.filter(({ text }) => text.includes(canary)).map(({ commandLine }) => commandLine)).toEqual([]);
  });
});
