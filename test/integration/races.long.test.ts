import { afterAll, describe, expect, test } from 'vitest';
import { connectSupervisor } from '../../cli/supervisor/launch.js';
import type { CliResult } from '../support/local-cli.js';
import { type ConfigOptions, configText } from '../support/local-config.js';
import { eventually, type LocalProject, story } from '../support/local-project.js';
import { ask } from '../support/local-traffic.js';

/** Two commands that are started together. */
interface Pair {
  readonly commands: readonly [readonly string[], readonly string[]];
  /** Whoever loses waits for the other. */
  readonly waits: boolean;
  /** The winner is kept from ending until the loser has ended, so that there is one. */
  readonly held: boolean;
}

/** What came of it. */
interface Race {
  readonly exitCodes: readonly (number | null)[];
  /** From the start of the one that was refused to its end; undefined when none was. */
  readonly refusedAfterSeconds: number | undefined;
  /** What is not as it has to be; empty when all is well. */
  readonly problems: readonly string[];
}

/** Two cores that are busy with other things may take several times the five seconds of an idle machine. */
const refusedWithinSeconds = 25;

const config: ConfigOptions = { bake: '0s' };
const races: Race[] = [];

async function race(project: LocalProject, { commands, waits, held }: Pair): Promise<Race> {
  if (held) await project.hold('start');
  const runs = commands.map((command) =>
    project.start([...command, '--yes', ...(waits ? ['--lock-wait', '45s'] : [])]),
  );
  if (held) {
    if (waits) await Promise.race(runs.map((run) => run.said('waiting for')));
    else await Promise.race(runs.map((run) => run.ended));
    await project.letGo('start');
  }
  const ended = await Promise.all(runs.map((run) => run.ended));
  const pids = runs.map(({ pid }) => pid);
  const problems = [...outcomeProblems(ended, pids, waits, held), ...(await stateProblems(project))];
  const refusedAfterSeconds = ended.find(({ exitCode }) => exitCode === 6)?.seconds;
  const result = { exitCodes: ended.map(({ exitCode }) => exitCode), refusedAfterSeconds, problems };
  races.push(result);
  return result;
}

/** Exactly one wins; or both succeed, one after the other. */
function outcomeProblems(
  ended: readonly CliResult[],
  pids: readonly number[],
  waits: boolean,
  held: boolean,
): readonly string[] {
  const refused = ended.filter(({ exitCode }) => exitCode === 6);
  const succeeded = ended.filter(({ exitCode }) => exitCode === 0);
  if (succeeded.length + refused.length !== 2 || succeeded.length === 0 || (waits && refused.length > 0)) {
    return [ended.map(({ exitCode, stderr }) => `exit ${exitCode}:\n${stderr}`).join('\n')];
  }
  if (held && !waits && refused.length !== 1) return ['nobody was refused'];
  return ended.flatMap(({ exitCode, stderr, seconds }, index) => {
    if (exitCode !== 6) return [];
    const winner = `(pid ${pids[1 - index]})`;
    const named = stderr.includes('[Locked]') && stderr.includes(winner) && stderr.includes('--lock-wait');
    const late = seconds > refusedWithinSeconds ? [`refused after ${seconds} s`] : [];
    return named ? late : [`the owner ${winner} is not named: ${stderr}`, ...late];
  });
}

/** What answers is what the ledger says, and nothing else runs. */
async function stateProblems(project: LocalProject): Promise<readonly string[]> {
  const supervisor = await connectSupervisor(project.stateDirectory);
  const status = await supervisor?.status();
  const count = async (expected: number): Promise<readonly string[]> => {
    const settled = eventually(() => project.agentProcesses().length === expected);
    return await settled.then(
      () => [],
      () => [`${project.agentProcesses().length} processes of the agent, not ${expected}`],
    );
  };
  if (status === undefined || status.url === null) return await count(0);
  const { release } = await ask(`${status.url}/who`);
  const recorded = project.ledger().findLast(({ outcome }) => outcome === 'released')?.id;
  const isOne = release === status.servingRelease && release === recorded;
  const truth = isOne
    ? []
    : [`${release} answers, the supervisor says ${status.servingRelease}, the ledger ${recorded}`];
  return [...truth, ...(await count(1))];
}

/** Each kind four times with a loser that is refused, and once with one that waits. */
const rounds = [false, false, true, false, false];

/** Something to deploy that no one before it had. */
const newVersion = (project: LocalProject, round: number) => project.become({ version: `v${round + 2}` });

describe.concurrent('commands that are started together', () => {
  const same = story(async (open) => {
    const project = await open({ config });
    const results: Race[] = [];
    for (const [round, waits] of rounds.entries()) {
      await newVersion(project, round);
      results.push(await race(project, { commands: [['deploy'], ['deploy']], waits, held: true }));
    }
    return results;
  });

  const different = story(async (open) => {
    const project = await open({ config });
    const results: Race[] = [];
    for (const [round, waits] of rounds.entries()) {
      for (const file of ['one', 'two']) {
        await project.write(`${file}.yaml`, configText({ ...config, env: { FLAVOUR: `${file}-${round}` } }));
      }
      const commands = [
        ['deploy', '-f', 'one.yaml'],
        ['deploy', '-f', 'two.yaml'],
      ] as const;
      results.push(await race(project, { commands, waits, held: true }));
    }
    return results;
  });

  const destroy = story(async (open) => {
    const project = await open({ config });
    const results: Race[] = [];
    for (const [round, waits] of rounds.entries()) {
      await newVersion(project, round);
      results.push(await race(project, { commands: [['deploy'], ['destroy']], waits, held: false }));
    }
    return results;
  });

  const rollback = story(async (open) => {
    const project = await open({ config });
    await project.deployed();
    await project.become({ version: 'v1b' });
    await project.deployed();
    const results: Race[] = [];
    for (const [round, waits] of rounds.entries()) {
      await newVersion(project, round);
      // In turns, since there is nothing to do to go back to what serves.
      const back = ['rollback', round % 2 === 0 ? 'r1' : 'r2'];
      results.push(await race(project, { commands: [['deploy'], back], waits, held: true }));
    }
    return results;
  });

  test.each([
    ['two deploys of the same', same],
    ['two deploys of different things', different],
    ['a deploy and a destroy', destroy],
    ['a deploy and a rollback', rollback],
  ])('%s: one wins and the other is told, or waits', (_, told) => {
    expect(told().flatMap(({ problems }) => problems)).toEqual([]);
    expect(told()).toHaveLength(rounds.length);
  });
});

afterAll(() => {
  const refused = races.flatMap(({ refusedAfterSeconds }) => refusedAfterSeconds ?? []).toSorted((a, b) => a - b);
  const text = refused.map((seconds) => seconds.toFixed(1)).join(' ');
  const wrong = races.filter(({ problems }) => problems.length > 0).length;
  console.log(`${races.length} races, ${wrong} gone wrong; ${refused.length} refused, after ${text} s`);
});
