import { expect, test } from 'vitest';
import { type PickableReplica, pickReplica } from '../../../../cli/supervisor/gateway/pick-replica.js';

test('the ready replica with the fewest requests is picked', () => {
  expect(picked([replica('ready', 2), replica('ready', 1), replica('unready', 0)])).toBe(1);
});

test('equals take turns', () => {
  const replicas = [replica('ready', 1), replica('ready', 1), replica('ready', 5)];

  expect([0, 1, 2, 3].map((turn) => picked(replicas, turn))).toEqual([0, 1, 0, 1]);
});

test('an unready replica is picked when none is ready', () => {
  expect(picked([replica('starting', 0), replica('unready', 3), replica('stopping', 0)])).toBe(1);
});

test('nothing is picked when nothing listens', () => {
  expect(picked([replica('ready', 0, null), replica('backing-off', 0), replica('starting', 0)])).toBe(-1);
  expect(picked([])).toBe(-1);
});

function picked(replicas: readonly PickableReplica[], turn = 0): number {
  const found = pickReplica(replicas, turn);
  return found === undefined ? -1 : replicas.indexOf(found);
}

function replica(state: PickableReplica['state'], inFlight: number, port: number | null = 20_000): PickableReplica {
  return { state, inFlight, port };
}
