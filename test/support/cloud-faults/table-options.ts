import type { CloudFaultStage, FaultCloud } from './cloud-fault-stage.js';
import type { cloudScenarios } from './cloud-scenario.js';

/** Which table is run, and where. */
export interface TableOptions {
  readonly cloud: FaultCloud['name'];
  /** Programs that it needs and that are not here. @default - none */
  readonly missing?: readonly string[];
  /** Opens a stage on a cloud with nothing in it. */
  readonly open: () => Promise<CloudFaultStage>;
  readonly scenario: keyof typeof cloudScenarios;
  /** Cells that there are; fewer are an error, since they would go without a word. */
  readonly fewestCells: number;
}
