import { rmSync, statfsSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'vitest';
import { faultCells } from '../support/faults/fault-cells.js';
import type { FaultStage } from '../support/faults/fault-stage.js';
import { canMount } from '../support/faults/mount-tiny-disk.js';
import type { Fault } from '../support/faults/run-cell.js';
import { scenarios } from '../support/faults/scenario.js';
import { settled } from '../support/faults/stage-children.js';

/** So little room is not enough for a deploy, whatever it does. */
const tooFewKibibytes = 4;

/** Only so much room is left on the disk of the state, for the CLI and the supervisor alike; afterwards there is room again. */
function tightDisk(kibibytes: number): Fault {
  return {
    name: `disk/room/${kibibytes}KiB/ENOSPC`,
    scenario: scenarios.update,
    goOn: 'again',
    mayEnd: kibibytes <= tooFewKibibytes ? [1, 3, 7, 8, 9, 10] : [0, 1, 3, 7, 8, 9, 10],
    leavesWork: true,
    async hit(stage, args) {
      const filler = fill(stage, kibibytes);
      const run = await stage.start(args).ended;
      rmSync(filler);
      await settled(stage);
      const hasNoticed = run.exitCode !== 0 || /ENOSPC|no space left/i.test(run.stderr);
      return { run, happened: hasNoticed || kibibytes > tooFewKibibytes };
    },
  };
}

function fill({ project }: FaultStage, leave: number): string {
  const disk = dirname(project.stateDirectory);
  const { bavail, bsize } = statfsSync(disk);
  const filler = join(disk, 'filler');
  writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - leave * 1024)));
  return filler;
}

if (canMount()) {
  await faultCells(['disk'], { tinyDiskMiB: 32 }, () => [0, 4, 16, 64, 256].map(tightDisk));
} else {
  test.skip('a disk that can be filled needs root');
}
