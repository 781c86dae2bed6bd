import { AgentctlError } from '../../errors.js';
import type { AwsTools, AwsToolsOptions } from './aws-tools.js';

/** Opens the tools of an account and region. Nothing is loaded or asked before a tool is used. */
export function openAwsTools(options: AwsToolsOptions): AwsTools {
  void options;
  throw new AgentctlError('TargetUnavailable', 'this version of agentctl does not deploy to aws yet', {
    fix: 'deploy to this machine with --cloud local',
  });
}
