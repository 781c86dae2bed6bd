import { onTestFinished } from 'vitest';
import { startFakeAws, type FakeAws, type FakeAwsOptions } from './fake-aws.js';

/** What an SDK client is made with to reach the fake. */
export interface ClientOptions {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** A fake of this test: stopped at its end, which fails when the fake was asked for what it does not have. */
export async function fakeForTest(options?: FakeAwsOptions): Promise<FakeAws & { readonly client: ClientOptions }> {
  const fake = await startFakeAws(options);
  onTestFinished(() => fake.stop());
  return { ...fake, client: clientOptions(fake) };
}

/** Options for a client in the test's own process. */
export function clientOptions(fake: FakeAws): ClientOptions {
  const environment = fake.environment();
  return {
    endpoint: fake.url,
    region: fake.world.region,
    credentials: {
      accessKeyId: environment['AWS_ACCESS_KEY_ID'] ?? '',
      secretAccessKey: environment['AWS_SECRET_ACCESS_KEY'] ?? '',
    },
  };
}
