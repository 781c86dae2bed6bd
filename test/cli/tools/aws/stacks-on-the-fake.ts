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

/** A cloud assembly of one stack, as a synthesizer of CliCredentials writes it, without assets. */
export async function assemblyOf(stack: string, resources: Resources): Promise<string> {
  const directory = join(await temporaryDirectory(), 'assembly');
  await mkdir(directory);
  const template = { Resources: resources, Outputs: { Name: { Value: 'agent' } } };
  writeFileSync(join(directory, `${stack}.template.json`), JSON.stringify(template));
  const manifest = {
    version: '48.0.0',
    artifacts: {
      [stack]: {
        type: 'aws:cloudformation:stack',
        environment: 'aws://unknown-account/unknown-region',
        properties: { templateFile: `${stack}.template.json`, validateOnSynth: false },
        displayName: stack,
      },
    },
  };
  writeFileSync(join(directory, 'manifest.json'), JSON.stringify(manifest));
  return directory;
}
