import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { synthesizedExample } from '../../support/aws/synthesized-example.js';

interface LintFinding {
  readonly Rule: { readonly Id: string };
  readonly Filename: string;
  readonly Message: string;
}

const there = await execa('cfn-lint', ['--version'], { reject: false });
if (there.exitCode !== 0)
  process.stderr.write(
    'NOT TESTED: cfn-lint is not installed (pip install cfn-lint), so no template went through it\n',
  );

test.skipIf(there.exitCode !== 0).each(['quickstart', 'fastapi-agent', 'state-management-demo'])(
  'cfn-lint finds nothing in %s',
  async (name) => {
    const directory = mkdtempSync(join(tmpdir(), 'agentctl-lint-'));
    try {
      const { templates } = synthesizedExample(`examples/${name}/agentctl.yaml`);
      const files = templates.map(({ stack, text }) => {
        const file = join(directory, `${stack}.json`);
        writeFileSync(file, text);
        return file;
      });
      const run = await execa('cfn-lint', ['--format', 'json', '--', ...files], { reject: false });
      const findings = JSON.parse(run.stdout) as readonly LintFinding[];

      expect(
        findings.map(
          ({ Rule, Filename, Message }) => `${Rule.Id} ${Filename.replace(`${directory}/`, '')}: ${Message}`,
        ),
      ).toEqual([]);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  },
);
