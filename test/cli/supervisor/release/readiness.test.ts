import { expect, test } from 'vitest';
import {
  type Readiness,
  afterProbe,
  notYetReady,
  probeTimeoutMilliseconds,
} from '../../../../cli/supervisor/release/readiness.js';

test.each([
  ['+', false],
  ['++', false],
  ['+++', true],
  ['++-++', false],
  ['++-+++', true],
  ['+++-', true],
  ['+++--', true],
  ['+++---', false],
  ['+++--+--', true],
  ['+++---++', false],
  ['+++---+++', true],
])('after probes %s ready is %s', (probes, isReady) => {
  expect(after(probes).isReady).toBe(isReady);
});

test('a probe gets more time after each failure', () => {
  expect(['', '-', '--', '---', '--+'].map((probes) => probeTimeoutMilliseconds(after(probes)))).toEqual([
    500, 1000, 2000, 2000, 500,
  ]);
});

function after(probes: string): Readiness {
  return Array.from(probes).reduce((readiness, probe) => afterProbe(readiness, probe === '+'), notYetReady);
}
