import type { Fault } from './fault.js';
import type { FakeWorld } from './fake-world.js';
import type { RecordedCall } from './recorded-call.js';

/** Options of a fake; every one has a default. */
export interface FakeAwsOptions {
  /** @default '123456789012' */
  readonly accountId?: string;
  /** @default 'eu-central-1' */
  readonly region?: string;
}

/** AWS in this process, at one HTTP address. */
export interface FakeAws {
  readonly url: string;
  readonly world: FakeWorld;
  /** What a child process needs to reach it and nothing else: endpoint, region, keys of its own. */
  readonly environment: () => Record<string, string>;
  readonly calls: readonly RecordedCall[];
  /** Lets calls go wrong; returns what takes the fault back. */
  readonly fail: (fault: Fault) => () => void;
  /** Resolves when nothing goes on in the background. */
  readonly idle: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Starts one. Stop it: it owns processes and a directory. */
export async function startFakeAws(_options: FakeAwsOptions = {}): Promise<FakeAws> {
  throw new Error('the HTTP edge is not there yet');
}
