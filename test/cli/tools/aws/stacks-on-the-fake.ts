import { writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { S3 } from '@aws-sdk/client-s3';
import { afterAll, vi } from 'vitest';
import type { DeployedStack, DeployStackOptions, StackRun } from '../../../../cli/tools/aws/stacks/stack-tools.js';
import { clientOptions } from '../../../support/fake-aws/fake-for-test.js';
import { temporaryDirectory } from '../../../support/temporary-directory.js';
import type { AwsOnTheFake } from './aws-on-the-fake.js';

/** Resources of a template, by logical id. */
export type Resources = Readonly<Record<string, unknown>>;

/** A stack that is deployed again and again. */
export interface TriedStack {
  readonly stack: string;
  readonly lines: string[];
  readonly run: StackRun;
  readonly deploy: (resources: Resources, more?: Partial<DeployStackOptions>) => Promise<DeployedStack>;
}

/** The toolkit takes everything but keys from the environment; templates go to the state bucket. */
export async function prepareForToolkit({ fake, aws, signal }: AwsOnTheFake): Promise<void> {
  for (const [name, value] of Object.entries(fake.environment())) vi.stubEnv(name, value);
  afterAll(() => void vi.unstubAllEnvs());
  const s3 = new S3({ ...clientOptions(fake), forcePathStyle: true });
  await s3.createBucket({ Bucket: await aws.state.bucketName(signal) });
  s3.destroy();
}

/** A stack of a name of its own. */
export function tryStack({ aws, signal }: AwsOnTheFake, stack: string): TriedStack {
  const lines: string[] = [];
  const run = { signal, log: (line: string) => void lines.push(line) };
  return {
    stack,
    lines,
    run,
    deploy: async (resources, more) =>
      await aws.stacks.deploy({ ...run, stack, assembly: await assemblyOf(stack, resources), ...more }),
  };
}

/**
 * A cloud assembly of one stack, as a synthesizer of CliCredentials writes it.
 *
 * @param bucket that the template is uploaded to first, as an asset. @default - it is not
 */
export async function assemblyOf(stack: string, resources: Resources, bucket?: string): Promise<string> {
  const directory = join(await temporaryDirectory(), 'assembly');
  await mkdir(directory);
  const write = (file: string, content: unknown): void => writeFileSync(join(directory, file), JSON.stringify(content));
  const templateFile = `${stack}.template.json`;
  write(templateFile, { Resources: resources, Outputs: { Name: { Value: 'agent' } } });
  const assets = `${stack}.assets`;
  const objectKey = `templates/${stack}.json`;
  const uploaded = {
    properties: { templateFile, validateOnSynth: false, stackTemplateAssetObjectUrl: `s3://${bucket}/${objectKey}` },
    dependencies: [assets],
  };
  const stackArtifact = {
    type: 'aws:cloudformation:stack',
    environment: 'aws://unknown-account/unknown-region',
    displayName: stack,
    ...(bucket === undefined ? { properties: { templateFile, validateOnSynth: false } } : uploaded),
  };
  if (bucket !== undefined) {
    const file = {
      source: { path: templateFile, packaging: 'file' },
      destinations: { here: { bucketName: bucket, objectKey } },
    };
    write(`${assets}.json`, { version: '48.0.0', files: { template: file }, dockerImages: {} });
  }
  const assetsArtifact = { type: 'cdk:asset-manifest', properties: { file: `${assets}.json` } };
  const artifacts = { [stack]: stackArtifact, ...(bucket === undefined ? {} : { [assets]: assetsArtifact }) };
  write('manifest.json', { version: '48.0.0', artifacts });
  return directory;
}
