import { join } from 'node:path';
import { temporaryDirectory } from '../temporary-directory.js';

/** What the stacks are made of. */
export interface CdkAppOptions {
  readonly stateBucket: string;
  readonly value: string;
}

/** A cloud assembly of two stacks, one of which imports from the other; templates are assets in the state bucket. */
export async function cdkApp({ stateBucket, value }: CdkAppOptions): Promise<string> {
  const { App, CliCredentialsStackSynthesizer, Stack, CfnOutput, Fn } = await import('aws-cdk-lib/core');
  const { StringParameter } = await import('aws-cdk-lib/aws-ssm');
  const outdir = join(await temporaryDirectory(), 'assembly');
  const synthesizer = () =>
    new CliCredentialsStackSynthesizer({ fileAssetsBucketName: stateBucket, bucketPrefix: 'templates/' });
  const app = new App({ outdir, analyticsReporting: false, builtinCloudFormationValidation: false });
  const foundation = new Stack(app, 'foundation', { synthesizer: synthesizer() });
  const parameter = new StringParameter(foundation, 'Value', { stringValue: value });
  new CfnOutput(foundation, 'Name', { value: parameter.parameterName, exportName: 'value-name' });
  const service = new Stack(app, 'service', { synthesizer: synthesizer() });
  service.addStackDependency(foundation);
  new StringParameter(service, 'User', { stringValue: Fn.importValue('value-name') });
  app.synth();
  return outdir;
}
