import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { faultCells } from '../support/faults/fault-cells.js';
import type { FaultStage } from '../support/faults/fault-stage.js';
import {
  append,
  clockFault,
  countWrites,
  damageFault,
  fullDiskFault,
  newestIn,
  rewrite,
} from '../support/faults/other-faults.js';

const newestJournal = (stage: FaultStage): string => newestIn(stage, 'runs', filesIn(stage, 'runs'));
const newestRecord = (stage: FaultStage): string =>
  join(stage.project.stateDirectory, 'releases', `${stage.project.ledger().at(-1)?.id}.json`);
const filesIn = (stage: FaultStage, directory: string): readonly string[] =>
  readdirSync(join(stage.project.stateDirectory, directory));

const deploy = ['deploy', '--yes', '--verbose'];
const resume = ['resume', '--verbose'];

await faultCells(['clock', 'disk-full', 'damaged'], {}, async ({ stage, golden }) => {
  const writes = await countWrites(stage);
  const verify = golden.steps.find(({ name }) => name === 'verify');
  if (verify === undefined) throw new Error('an update has no step that verifies');
  const damaged = (
    what: string,
    how: string,
    refused: readonly string[],
    damage: (stage: FaultStage) => () => void,
    mayEnd: readonly number[] = [1],
  ) => damageFault({ what, how, step: verify, damage, refused, mayEnd });
  return [
    clockFault(1),
    clockFault(-1),
    clockFault(1, 'verify'),
    clockFault(-1, 'verify'),
    ...Array.from({ length: writes }, (_, index) => fullDiskFault(index + 1)),
    damaged('journal', 'garbage', resume, (one) =>
      rewrite(newestJournal(one), (text) => text.replace('\n{"type":"step', '\n{"typ":"step')),
    ),
    damaged('journal', 'newer', resume, (one) =>
      rewrite(newestJournal(one), (text) => text.replace('"journalVersion":1', '"journalVersion":9')),
    ),
    damaged('journal', 'empty', resume, (one) => rewrite(newestJournal(one), () => ''), [0, 1]),
    // A line that was cut short is what a crash leaves; the run goes on.
    damaged('journal', 'cut', resume, (one) => append(newestJournal(one), '{"type":"step.suc'), [0]),
    damaged('lock', 'garbage', deploy, (one) => {
      const lock = join(one.project.stateDirectory, 'lock.json');
      const back = rewrite(lock, (text) => text.slice(0, 20));
      return back;
    }),
    damaged('ledger', 'cut', deploy, (one) => rewrite(newestRecord(one), (text) => text.slice(0, text.length / 2))),
    damaged('ledger', 'newer', deploy, (one) =>
      rewrite(newestRecord(one), (text) => text.replace('"recordVersion": 1', '"recordVersion": 9')),
    ),
  ];
});
