import { onTestFinished } from 'vitest';
import { type FakeGcp, type FakeGcpOptions, startFakeGcp } from './fake-gcp.js';

/** A fake of this test: stopped at its end, which fails when the fake was asked for what it does not have. */
export async function fakeForTest(options?: FakeGcpOptions): Promise<FakeGcp> {
  const fake = await startFakeGcp(options);
  onTestFinished(() => fake.stop());
  return fake;
}
