import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { readSecretStore } from '../../cli/supervisor/secret-store.js';
import { story } from '../support/local-project.js';
import { ask, startTraffic } from '../support/local-traffic.js';

const digestOf = (value: string): string => createHash('sha256').update(value).digest('hex');

describe.concurrent('a rotated secret', () => {
  const told = story(async (open) => {
    const project = await open({ config: { secrets: ['API_TOKEN'], replicas: 2 }, variant: { version: 'v1' } });
    const unset = await project.agentctl(['secrets', 'rotate', 'API_TOKEN', '--yes'], { input: 'x' });
    await project.agentctl(['secrets', 'set', 'API_TOKEN'], { input: 'first-value' });
    const url = await project.deployed();
    const tokenDigest = async () => (await ask(`${url}/digest?name=API_TOKEN`)).body;

    const traffic = startTraffic(url, { clients: 20, pauseMilliseconds: 50 });
    const rotated = await project.agentctl(['secrets', 'rotate', 'API_TOKEN', '--yes'], { input: 'second-value\n' });
    const report = await traffic.stop();
    const after = await tokenDigest();
    const store = readSecretStore(project.stateDirectory);
    const unchanged = await project.agentctl(['deploy', '--yes']);

    await project.hold('start');
    const run = project.start(['secrets', 'rotate', 'API_TOKEN', '--yes'], { input: 'third-value' });
    await run.said('→ start');
    run.signal('SIGKILL');
    await run.ended;
    await project.letGo('start');
    const cutShort = await tokenDigest();
    const resumed = await project.agentctl(['resume']);
    const afterResume = await tokenDigest();
    return {
      unset,
      rotated,
      report,
      after,
      store,
      unchanged,
      cutShort,
      resumed,
      afterResume,
      ledger: project.ledger(),
      replicas: project.agentProcesses().length,
      finalStore: readSecretStore(project.stateDirectory),
    };
  });

  test('has to have a value first', () => {
    expect(told().unset).toMatchObject({ exitCode: 2 });
    expect(told().unset.stderr).toContain('secrets set');
  });

  test('reaches what runs, in a release of its own', () => {
    expect(told().rotated).toMatchObject({ exitCode: 0 });
    expect(told().after).toBe(digestOf('second-value'));
    expect(told().ledger[1]).toMatchObject({ id: 'r2', action: 'rotate', origin: 'r1', outcome: 'released' });
  });

  test('fails no request', () => {
    expect(told().report.failures).toEqual([]);
    expect(told().report.releases).toEqual(['r1', 'r2']);
  });

  test('leaves no value behind that is no longer used', () => {
    expect(told().store).toMatchObject({ secrets: { API_TOKEN: 'second-value' }, staged: {}, replaced: {} });
  });

  test('has a version of its own in the ledger', () => {
    const [first, second] = told().ledger;

    expect(second?.secrets['API_TOKEN']).toBe(told().store.versions['API_TOKEN']);
    expect(first?.secrets['API_TOKEN']).not.toBe(second?.secrets['API_TOKEN']);
  });

  test('leaves nothing for a deploy of the same source', () => {
    expect(told().unchanged.stderr).toContain('nothing to do: e2e-agent r2 serves what the config says');
  });

  test('is in use or not, when the rotation was killed, and in use when it was resumed', () => {
    expect(told().cutShort).toBe(digestOf('second-value'));
    expect(told().resumed).toMatchObject({ exitCode: 0 });
    expect(told().afterResume).toBe(digestOf('third-value'));
    expect(told().replicas).toBe(2);
    expect(told().finalStore).toMatchObject({ secrets: { API_TOKEN: 'third-value' }, staged: {}, replaced: {} });
  });
});

describe.concurrent('a rotation that does not come up', () => {
  const told = story(async (open) => {
    const project = await open({ config: { secrets: ['API_TOKEN'] }, variant: { mode: 'needs-short-token' } });
    await project.agentctl(['secrets', 'set', 'API_TOKEN'], { input: 'short' });
    const url = await project.deployed();
    const rotated = await project.agentctl(['secrets', 'rotate', 'API_TOKEN', '--yes'], {
      input: 'a-value-that-the-agent-does-not-take',
    });
    return {
      rotated,
      digest: (await ask(`${url}/digest?name=API_TOKEN`)).body,
      store: readSecretStore(project.stateDirectory),
      ledger: project.ledger(),
      unchanged: await project.agentctl(['deploy', '--yes']),
    };
  });

  test('ends with exit code 9', () => {
    expect(told().rotated).toMatchObject({ exitCode: 9 });
    expect(told().rotated.stderr).toContain('r1 still serves');
  });

  test('brings the value before into use again', () => {
    expect(told().digest).toBe(digestOf('short'));
    expect(told().store).toMatchObject({ secrets: { API_TOKEN: 'short' }, staged: {}, replaced: {} });
    expect(told().store.versions['API_TOKEN']).toBe(told().ledger[0]?.secrets['API_TOKEN']);
  });

  test('leaves nothing for a deploy of the same source', () => {
    expect(told().unchanged.stderr).toContain('nothing to do');
  });
});
