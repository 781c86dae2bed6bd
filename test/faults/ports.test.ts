import { createServer } from 'node:net';
import { faultCells } from '../support/faults/fault-cells.js';
import { takePort } from '../support/faults/other-faults.js';
import type { Fault } from '../support/faults/run-cell.js';
import { scenarios } from '../support/faults/scenario.js';

/** Somebody else listens where the stage wants to, when it is deployed for the first time. */
function stolen(what: string, port: number, mayEnd: Fault['mayEnd']): Fault {
  return {
    name: `port/first/${what}/taken`,
    scenario: scenarios.first,
    goOn: 'again',
    mayEnd,
    async hit(stage, args) {
      const letGo = await takePort(port);
      const run = await stage.start(args).ended;
      await letGo();
      // It has to notice: whoever serves all the same has not listened there.
      return { run, happened: run.exitCode !== 0 };
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

const [port, postgresPort] = [await freePort(), await freePort()];

await faultCells(['port'], { port, postgresPort }, () => [
  // Nothing served before, so that there is nothing to return to.
  stolen('gateway', port, [3, 10]),
  stolen('postgres', postgresPort, [3]),
]);
