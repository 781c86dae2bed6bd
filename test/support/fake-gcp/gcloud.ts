import { execa } from 'execa';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { FakeGcp } from './fake-gcp.js';

/** Whether the Google Cloud SDK is on the PATH. */
export const hasGcloud = (process.env['PATH'] ?? '')
  .split(delimiter)
  .some((place) => existsSync(join(place, 'gcloud')));

/** What gcloud printed. */
export interface GcloudResult {
  readonly exitCode: number | undefined;
  readonly stderr: string;
  readonly stdout: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- what gcloud prints is looked into as it comes
  readonly json: any;
}

/** Runs the real gcloud against a fake, and against nothing else. */
export async function gcloud(fake: FakeGcp, words: readonly string[], input = ''): Promise<GcloudResult> {
  const { PATH = '' } = process.env;
  const { exitCode, stdout, stderr } = await execa('gcloud', [...words, '--format=json', '--quiet'], {
    env: { PATH, HOME: fake.world.directory, ...fake.environment() },
    extendEnv: false,
    cwd: fake.world.directory,
    reject: false,
    input,
  });
  return { exitCode, stdout, stderr, json: /^\s*[[{]/.test(stdout) ? JSON.parse(stdout) : undefined };
}
