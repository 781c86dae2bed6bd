import { faultCells } from '../support/faults/fault-cells.js';
import { childFault } from '../support/faults/other-faults.js';
import { hitPostgres, killProgram, killReplica } from '../support/faults/stage-children.js';
import { standstillFault } from '../support/faults/standstill-fault.js';

/** Two replicas: one may die without anybody noticing. */
await faultCells(['child', 'postgres', 'postgres-restart', 'replica', 'new-replica'], { replicas: 2 }, ({ golden }) => {
  const real = golden.steps.filter(({ operations }) => operations > 0);
  const at = (names: RegExp): typeof real => real.filter(({ name }) => names.test(name));
  return [
    childFault('child', 'build', (stage) => killProgram(stage, 'build.mjs'), [7]),
    childFault('child', 'migration-migrate', (stage) => killProgram(stage, 'migrate.mjs'), [8]),
    childFault('child', 'start', (stage) => killReplica(stage, 'other'), [0, 9]),
    ...real.map((step, index) =>
      standstillFault({
        what: 'postgres',
        step,
        rested: index % 3 === 0,
        act: (stage) => hitPostgres(stage, 'SIGKILL'),
        mayEnd: [0, 1, 3, 8, 9],
      }),
    ),
    ...at(/^(postgres|migration|start|switch)/).map((step, index) =>
      standstillFault({
        what: 'postgres-restart',
        step,
        rested: index % 2 === 0,
        act: (stage) => hitPostgres(stage, 'SIGINT'),
        mayEnd: [0, 1, 3, 8, 9],
      }),
    ),
    ...at(/^(switch|verify|record|drain)/).map((step) =>
      standstillFault({
        what: 'replica',
        step,
        act: (stage) => killReplica(stage, 'serving'),
        mayEnd: [0, 9],
        mayCutRequests: 2,
      }),
    ),
    ...at(/^(start|switch|verify)/).map((step) =>
      standstillFault({ what: 'new-replica', step, act: (stage) => killReplica(stage, 'other'), mayEnd: [0, 9] }),
    ),
  ];
});
