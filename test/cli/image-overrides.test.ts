import { expect, test } from 'vitest';
import { specHashOf } from '../../cli/config/hash.js';
import { overrideImages, parseImageOverrides, withImageFlags } from '../../cli/image-overrides.js';
import { type AgentSpec, parseSpec } from '../../stacks/spec/index.js';

const digest = (digit: string): string => `sha256:${digit.repeat(64)}`;
const app = `registry.example.com:5000/team/app@${digest('a')}`;

const spec = ((): AgentSpec => {
  const parsed = parseSpec(
    {
      name: 'support-agent',
      image: { build: {}, platform: 'linux/arm64' },
      services: {
        api: { command: ['a'] },
        worker: { command: ['b'], image: { build: { context: 'worker' } } },
      },
      schedules: { reindex: { cron: '0 3 * * *', command: ['c'] } },
      migrations: { command: ['d'] },
      clouds: { aws: { region: 'eu-west-1' } },
    },
    { stage: 'production', target: 'aws' },
  );
  if (parsed.kind === 'invalid') throw new Error(JSON.stringify(parsed.problems));
  return parsed.spec;
})();

const override = (...values: string[]): AgentSpec => overrideImages(spec, parseImageOverrides(values), 'aws');

test('an image without a name is that of all that have none of their own', () => {
  const { image, services } = override(app);

  expect(image).toEqual({ kind: 'ref', ref: app, platform: 'linux/arm64' });
  expect(services['api']?.image).toBeUndefined();
  expect(services['worker']?.image).toEqual(spec.services['worker']?.image);
});

test.each([
  ['worker', (changed: AgentSpec) => changed.services['worker']?.image],
  ['api', (changed: AgentSpec) => changed.services['api']?.image],
  ['reindex', (changed: AgentSpec) => changed.schedules['reindex']?.image],
  ['migrate', (changed: AgentSpec) => changed.migrations[0]?.image],
])('%s gets an image of its own', (name, imageOf) => {
  const changed = override(`${name}=${app}`);

  expect(imageOf(changed)).toMatchObject({ kind: 'ref', ref: app });
  expect(changed.image).toEqual(spec.image);
});

test('the hash of the spec is another one with another image, and the same without', () => {
  const hashes = [
    spec,
    override(),
    override(app),
    override(`api=${app}`),
    override(app.replace(/a{64}/, 'b'.repeat(64))),
  ];

  expect(new Set(hashes.map(specHashOf)).size).toBe(4);
});

test.each([
  ['aip', `aip=${app}`, '--image names "aip", and nothing is called that', 'did you mean api?'],
  ['a tag', 'registry/app:v1', 'the tag "v1" can point at another image tomorrow', 'pin the digest'],
  ['no tag', 'api=registry/app', 'the tag "latest" can point at another image', 'imagetools inspect registry/app'],
  ['a short digest', 'app@sha256:abc', 'has a digest that is none', '64 hexadecimal digits'],
  ['a scheme', `https://${app}`, 'has a scheme', 'remove https://'],
  ['nothing', 'api=', 'is not an image reference', 'write --image [name=]registry/app@sha256:'],
])('%s is refused, with what to write instead', (_, value, message, fix) => {
  expect(() => override(value)).toThrow(
    expect.objectContaining({
      code: 'UsageInvalid',
      message: expect.stringContaining(message) as string,
      fix: expect.stringContaining(fix) as string,
    }) as Error,
  );
});

test('the same name twice is refused', () => {
  expect(() => override(`api=${app}`, `api=${app}`)).toThrow('--image is given twice for "api"');
  expect(() => override(app, app)).toThrow('--image is given twice for the top-level image');
});

test('a target that only builds says so', () => {
  expect(() => overrideImages(spec, parseImageOverrides([app]), 'local')).toThrow(
    '--image cannot be used here: local (process) does not support this',
  );
});

test('a run is gone on with with the same images', () => {
  expect(withImageFlags('--cloud aws', [`api=${app}`])).toBe(`--cloud aws --image api=${app}`);
  expect(withImageFlags('--cloud aws')).toBe('--cloud aws');
});
