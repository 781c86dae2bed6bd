/* Preloaded into one run of the CLI: its clock jumps by AGENTCTL_TEST_CLOCK hours when a step begins (or at once). */
import { writeFileSync } from 'node:fs';
import { watchJournal } from './watch-journal.mjs';

const { step, hours, marker } = JSON.parse(process.env.AGENTCTL_TEST_CLOCK);
delete process.env.AGENTCTL_TEST_CLOCK;
delete process.env.NODE_OPTIONS;

const RealDate = Date;
let shift = 0;
globalThis.Date = class extends RealDate {
  constructor(...args) {
    super(...(args.length === 0 ? [RealDate.now() + shift] : args));
  }
  static now() {
    return RealDate.now() + shift;
  }
};
const jump = () => {
  shift = hours * 3_600_000;
  writeFileSync(marker, '');
};
if (step === undefined) jump();
else await watchJournal({ before: (line) => line.type === 'step.started' && line.step === step && jump() });
