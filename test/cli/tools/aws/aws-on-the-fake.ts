import { onTestFinished } from 'vitest';
import type { AwsTools, AwsToolsOptions } from '../../../../cli/tools/aws/aws-tools.js';
import { openAwsTools } from '../../../../cli/tools/aws/open-aws-tools.js';
import type { FakeAws, FakeAwsOptions } from '../../../support/fake-aws/fake-aws.js';
import { fakeForTest } from '../../../support/fake-aws/fake-for-test.js';

/** The tools of AWS as they are, against a fake of this test. */
export async function awsOnTheFake(
  options: Partial<AwsToolsOptions> & { readonly fake?: FakeAwsOptions } = {},
): Promise<{ readonly fake: FakeAws; readonly aws: AwsTools; readonly signal: AbortSignal }> {
  const { fake: fakeOptions, ...more } = options;
  const fake = await fakeForTest(fakeOptions);
  const aws = openAwsTools({ environment: fake.environment(), pollSeconds: 0.02, ...more });
  onTestFinished(() => aws.close());
  return { fake, aws, signal: new AbortController().signal };
}
