import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Configuration } from '../../../stacks/gcp/policy/configuration.js';
import { startFakeGoogleProvider } from '../../support/fake-google-provider/start-fake-google-provider.js';
import { outputValues, withLiteralValues } from '../../support/gcp/literal-values.js';
import { mirrorConfiguration, providerProblems, realProvider } from '../../support/gcp/provider-problems.js';
import { hasTerraform } from '../../support/gcp/shadow-validate.js';
import { gcpSpec, synthesizedStage } from '../../support/gcp/synthesized-stage.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

const examples = [
  ['quickstart', 'production'],
  ['fastapi-agent', 'production'],
  ['state-management-demo', 'production'],
  ['state-management-demo', 'gcp'],
] as const;
const place = { project: 'my-project', projectNumber: '123456789012', region: 'us-central1' };

/** Configurations of a stage as they are, and with values in place of references: those can be planned without Google. */
function variantsOf(example: string, stage: string) {
  const stacks = synthesizedStage(gcpSpec(`examples/${example}/agentctl.yaml`, stage), stage, { release: 'r1' });
  const foundation = withLiteralValues(stacks['foundation']?.configuration ?? {}, place);
  const variants = Object.entries(stacks).flatMap(([kind, { configuration }]) => [
    [kind, { configuration, plan: false }] as const,
    [
      `${kind}-literal`,
      { configuration: withLiteralValues(configuration, place, outputValues(foundation)), plan: true },
    ] as const,
  ]);
  return Object.fromEntries(variants) as Readonly<Record<string, { configuration: Configuration; plan: boolean }>>;
}

const provider = hasTerraform() ? realProvider() : undefined;
if (provider === undefined)
  console.warn(
    'skipped: hashicorp/google is not at hand; AGENTCTL_REAL_PROVIDER=1, or the directory of a mirror, has it asked',
  );

test.skipIf(provider === undefined).each(examples)(
  'Google’s provider accepts and plans every configuration of %s at stage %s',
  async (example, stage) => {
    expect(await providerProblems(variantsOf(example, stage), provider ?? { environment: {} })).toEqual([]);
  },
);

// The same with the stand-in, so that it works on the day that there is a provider.
test.skipIf(!hasTerraform())('what is asked of Google’s provider can be asked', async () => {
  const root = await temporaryDirectory();
  const variants = variantsOf('quickstart', 'production');
  const known = join(root, 'known');
  for (const [name, { configuration }] of Object.entries(variants)) {
    await mkdir(join(known, name), { recursive: true });
    await writeFile(join(known, name, 'cdk.tf.json'), JSON.stringify(configuration));
  }
  const standIn = await startFakeGoogleProvider({ url: 'http://127.0.0.1:9', configurations: () => [known] });
  onTestFinished(async () => await standIn.stop());

  expect(await providerProblems(variants, standIn)).toEqual([]);

  // An argument that the provider does not have, and a reference to nothing.
  const [good] = Object.values(variants).filter(({ plan }) => plan);
  const [[type, named] = ['', {}]] = Object.entries(good?.configuration.resource ?? {});
  const [[name, { depends_on: _dependsOn, ...own }] = ['', {}]] = Object.entries(named);
  const [argument = ''] = Object.keys(own);
  const broken = (changed: string, value: string) => {
    const resource = { [type]: { [name]: { ...own, [changed]: value } } };
    const { output: _output, ...rest } = good?.configuration ?? {};
    return { configuration: { ...rest, resource }, plan: true };
  };
  const problems = await providerProblems(
    { argument: broken('requires_ssl', 'x'), reference: broken(argument, '${google_project.Nothing.number}') },
    standIn,
  );
  expect(problems).toEqual([
    expect.stringMatching(/^argument: error: .*(?:Extraneous|Unsupported)/s) as string,
    expect.stringMatching(/^reference: error: .*undeclared/s) as string,
  ]);
});

test('where Google’s provider is looked for', async () => {
  const home = await temporaryDirectory();
  expect(realProvider({ HOME: home })).toBeUndefined();
  expect(realProvider({ HOME: home, AGENTCTL_REAL_PROVIDER: '1' })).toEqual({ environment: {} });
  expect(() => realProvider({ HOME: home, AGENTCTL_REAL_PROVIDER: join(home, 'none') })).toThrow(
    /there is no .*google in/,
  );

  const mirror = join(home, '.terraform.d/plugins');
  await mkdir(join(mirror, 'registry.terraform.io/hashicorp/google'), { recursive: true });
  const found = { environment: {}, cliConfiguration: mirrorConfiguration(mirror) };
  expect(realProvider({ HOME: home })).toEqual(found);
  expect(realProvider({ HOME: '/nowhere', AGENTCTL_REAL_PROVIDER: mirror })).toEqual(found);
  expect(realProvider({ HOME: home, AGENTCTL_REAL_PROVIDER: '0' })).toBeUndefined();
  expect(found.cliConfiguration).toContain(`path    = "${mirror}"`);
});
