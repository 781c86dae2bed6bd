import { expect, test } from 'vitest';
import { narrowedConfiguration } from '../../../../cli/tools/synth/narrowed-configuration.js';

const configuration = {
  provider: { google: {} },
  resource: { a: { One: { name: 'one' }, Two: {} }, b: { Three: {} } },
  output: { Three: { value: '${b.Three.id}' } },
};

test('what is not there is left out, with the outputs that may refer to it', () => {
  expect(narrowedConfiguration(configuration, new Set(['a.One', 'data.x.Y']))).toEqual({
    provider: { google: {} },
    resource: { a: { One: { name: 'one' } } },
  });
});

test('a configuration whose resources are all there stays as it is', () => {
  expect(narrowedConfiguration(configuration, new Set(['a.One', 'a.Two', 'b.Three']))).toBe(configuration);
});
