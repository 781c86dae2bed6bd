import type { AgentNetwork } from '../../../constructs/gcp/index.js';
import type { AgentStack } from '../agent-stack.js';
import type { StageContext } from '../stage-context.js';

/** What the parts of the foundation stack have in common. */
export interface FoundationParts {
  readonly stack: AgentStack;
  readonly context: StageContext;
  /** What the names of parts begin with. */
  readonly name: string;
  readonly network: AgentNetwork;
  /** Ids of notification channels. */
  readonly channels: readonly string[];
  readonly projectNumber: string;
}
