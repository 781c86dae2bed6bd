import { App, BootstraplessSynthesizer, Stack } from 'aws-cdk-lib/core';
import { AgentctlBootstrap } from '../../constructs/aws/index.js';
import { featureFlags } from './feature-flags.js';
import { bootstrapNames } from './naming.js';

/** The template that `agentctl bootstrap` deploys, as it is committed; `outdir` is where CDK writes to meanwhile. */
export function bootstrapTemplateText(outdir: string): string {
  const app = new App({ outdir, context: { ...featureFlags }, analyticsReporting: false, treeMetadata: false });
  const stack = new Stack(app, bootstrapNames.stack, {
    stackName: bootstrapNames.stack,
    description: 'What agentctl needs once per account and region',
    // Nothing is there yet that templates could be put into.
    synthesizer: new BootstraplessSynthesizer(),
  });
  new AgentctlBootstrap(stack, 'Bootstrap');
  return `${JSON.stringify(app.synth().getStackByName(bootstrapNames.stack).template, undefined, 2)}\n`;
}
