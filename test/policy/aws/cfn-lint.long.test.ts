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
  readonly Location: { readonly Path?: readonly (string | number)[] };
}

/**
 * Properties that CloudFormation has and cfn-lint 1.51 does not know yet. CloudFormation Validate, whose schemas are newer, knows
 * them: another test has it find no error.
 */
const newerThanCfnLint: Readonly<Record<string, readonly string[]>> = {
  'AWS::ApplicationAutoScaling::ScalableTarget': ['Tags'],
  'AWS::CloudWatch::Dashboard': ['Tags'],
  'AWS::ECS::Service': ['ResetOnHealthyTask', 'ThresholdConfiguration'],
  'AWS::ElasticLoadBalancingV2::Listener': ['Tags'],
  'AWS::ElasticLoadBalancingV2::ListenerRule': ['Tags'],
  'AWS::SSM::Association': ['Tags'],
};

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
      const isNewer = ({ Rule, Filename, Location: { Path = [] } }: LintFinding): boolean => {
        const found = templates.find(({ stack }) => Filename.endsWith(`/${stack}.json`));
        const type = found?.template.Resources?.[String(Path[1])]?.Type ?? '';
        return Rule.Id === 'E3002' && newerThanCfnLint[type]?.includes(String(Path.at(-1))) === true;
      };
      const left = findings.filter((finding) => !isNewer(finding));

      expect(
        left.map(({ Rule, Filename, Message }) => `${Rule.Id} ${Filename.replace(`${directory}/`, '')}: ${Message}`),
      ).toEqual([]);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  },
);
