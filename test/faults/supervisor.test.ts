import { faultCells } from '../support/faults/fault-cells.js';
import { killSupervisor } from '../support/faults/stage-children.js';
import { standstillFault } from '../support/faults/standstill-fault.js';

/** The gateway goes with it, so that requests may fail until it is back. */
await faultCells(['supervisor'], {}, ({ golden }) =>
  golden.steps
    .filter(({ operations }) => operations > 0)
    .map((step, index) =>
      standstillFault({
        what: 'supervisor',
        step,
        rested: index % 3 === 0,
        act: killSupervisor,
        mayEnd: [0, 1, 3, 8, 9, 10],
        hitsGateway: true,
      }),
    ),
);
