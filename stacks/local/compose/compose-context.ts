import type { AgentSpec } from '../../spec/index.js';

/** What every part of the project is made from. */
export interface ComposeContext {
  /** Has passed the capability checks of the local target. */
  readonly spec: AgentSpec;
  readonly stage: string;
  /** The way from compose.yaml to the directory of the config file, with `/`: `../../..`. */
  readonly projectPath: string;
  /** How people find the `.env` file, for messages: `.agentctl/synth/local-local/.env`. */
  readonly environmentFile: string;
}
