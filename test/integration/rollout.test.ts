import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { isRunning } from '../support/local-processes.js';
import { story } from '../support/local-project.js';
import { askJson, readStream, startTraffic } from '../support/local-traffic.js';

const clients = 50;
const streams = 10;

describe('a changed agent deployed under load', () => {
  const told = story(async (open) => {
    const project = await open({ config: { replicas: 2, drain: '30s' }, variant: { version: 'v1' } });
    const url = await project.deployed();
    const old = project.agentProcesses().map(({ pid }) => pid);
    await project.become({ version: 'v2' });

    const traffic = startTraffic(url, { clients, pauseMilliseconds: 100 });
    // Open before the switch, and until the old release is being drained.
    await project.hold('stream');
    const reading = Promise.all(Array.from({ length: streams }, () => readStream(url)));
    await sleep(300);
    const run = project.start(['deploy', '--yes']);
    await run.said('→ drain and stop r1');
    await sleep(1000);
    // A replica that no stream has come to may end.
    const isDraining = old.some(isRunning);
    await project.letGo('stream');
    const deploy = await run.ended;
    const report = await traffic.stop();
    const read = await reading;
    return {
      deploy,
      isDraining,
      report,
      read,
      serving: await askJson<{ version: string; release: string }>(`${url}/who`),
      stillRunning: old.filter(isRunning),
      replicas: project.agentProcesses().length,
      ledger: project.ledger(),
    };
  });

  test('exits 0', () => {
    expect(told().deploy).toMatchObject({ exitCode: 0 });
  });

  test(`fails no request of ${clients} clients`, () => {
    const { requests, failures } = told().report;
    console.log(`${requests} requests of ${clients} clients during the rollout, ${failures.length} failed`);

    expect(failures).toEqual([]);
    expect(requests).toBeGreaterThan(clients * 2);
  });

  test('cuts no open stream', () => {
    const { read } = told();

    expect(read.filter(({ isWhole, release }) => !isWhole || release !== 'r1')).toEqual([]);
    expect(read).toHaveLength(streams);
    expect(Math.min(...read.map(({ events }) => events))).toBeGreaterThan(20);
  });

  test('moves the traffic from the old release to the new one', () => {
    expect(told().report.releases).toEqual(['r1', 'r2']);
    expect(told().serving).toMatchObject({ version: 'v2', release: 'r2' });
  });

  test('leaves no replica of the old release', () => {
    expect(told().stillRunning).toEqual([]);
    expect(told().replicas).toBe(2);
  });

  test('keeps the old release as long as its streams are open', () => {
    expect(told().isDraining).toBe(true);
    expect(told().deploy.stderr).toMatch(/drain-r1 \| r1: [1-9]\d* open requests?/);
  });

  test('records both releases', () => {
    expect(told().ledger).toMatchObject([
      { id: 'r1', outcome: 'released' },
      { id: 'r2', outcome: 'released' },
    ]);
  });
});
