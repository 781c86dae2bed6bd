import { afterAll, onTestFinished } from 'vitest';
import type { AwsTools, AwsToolsOptions } from '../../../../cli/tools/aws/aws-tools.js';
import { openAwsTools } from '../../../../cli/tools/aws/open-aws-tools.js';
import { statefulTypes } from '../../../../stacks/aws/policy/index.js';
import { type FakeAws, type FakeAwsOptions, startFakeAws } from '../../../support/fake-aws/fake-aws.js';
import { fakeForTest } from '../../../support/fake-aws/fake-for-test.js';

/** Options of the tools, and of the fake under them. */
export type AwsOnTheFakeOptions = Partial<AwsToolsOptions> & { readonly fake?: FakeAwsOptions };

/** The tools of AWS as they are, against a fake. */
export interface AwsOnTheFake {
  readonly fake: FakeAws;
  readonly aws: AwsTools;
  /** Never aborts. */
  readonly signal: AbortSignal;
  /** More tools on the same fake, as another process has them. */
  readonly open: (options?: Partial<AwsToolsOptions>) => AwsTools;
}

/** With a fake of this test. */
export async function awsOnTheFake(options: AwsOnTheFakeOptions = {}): Promise<AwsOnTheFake> {
  const { fake: fakeOptions, ...more } = options;
  return world(await fakeForTest(fakeOptions), more, onTestFinished);
}

/** With a fake that the tests of a file share. Call it at the top of the file. */
export async function awsForFile(options: AwsOnTheFakeOptions = {}): Promise<AwsOnTheFake> {
  const { fake: fakeOptions, ...more } = options;
  const fake = await startFakeAws(fakeOptions);
  afterAll(async () => await fake.stop());
  return world(fake, more, afterAll);
}

function world(fake: FakeAws, options: Partial<AwsToolsOptions>, atEnd: (close: () => void) => void): AwsOnTheFake {
  const open: AwsOnTheFake['open'] = (more) => {
    const aws = openAwsTools({
      statefulTypes: Object.keys(statefulTypes),
      environment: fake.environment(),
      pollSeconds: 0.02,
      ...options,
      ...more,
    });
    atEnd(() => aws.close());
    return aws;
  };
  return { fake, open, aws: open(), signal: new AbortController().signal };
}
