import type { Ledger } from '../../ledger/file-ledger.js';
import type { AwsTools } from '../../tools/aws/aws-tools.js';
import type { Synthesizer } from '../../tools/synth/index.js';
import type { ImageTools } from '../images/image-tools.js';
import type { ProbeAnswer } from '../local/local-tools.js';

/** What the steps of the AWS target reach the world through. */
export interface AwsStepTools extends ImageTools {
  readonly aws: AwsTools;
  readonly synth: Pick<Synthesizer, 'assembly' | 'anyAssembly' | 'withParts'>;
  readonly ledger: Ledger;
  /** Random bytes, for a password. */
  readonly random: (bytes: number) => Uint8Array;
  /** One HTTP GET that never throws; redirects are not followed. */
  readonly probe: (url: string, signal: AbortSignal) => Promise<ProbeAnswer>;
  /** Throws the signal's reason when it aborts. */
  readonly sleep: (seconds: number, signal: AbortSignal) => Promise<void>;
}
