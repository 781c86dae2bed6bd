import type { Ledger } from '../../ledger/file-ledger.js';
import type { CertificateTools } from '../../tools/certificates/index.js';
import type { GcpTools } from '../../tools/gcp/gcp-tools.js';
import type { Synthesizer } from '../../tools/synth/index.js';
import type { TerraformTools } from '../../tools/terraform/index.js';
import type { ImageTools } from '../images/image-tools.js';
import type { ProbeAnswer } from '../local/local-tools.js';

/** What the steps of the target of Google Cloud reach the world through. */
export interface GcpStepTools extends ImageTools {
  readonly gcp: GcpTools;
  readonly terraform: TerraformTools;
  readonly synth: Pick<Synthesizer, 'assembly' | 'united' | 'narrowed'>;
  readonly ledger: Ledger;
  readonly certificates: CertificateTools;
  /** Random bytes, for a password. */
  readonly random: (bytes: number) => Uint8Array;
  /** One HTTP GET that never throws; redirects are not followed. */
  readonly probe: (
    url: string,
    signal: AbortSignal,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<ProbeAnswer>;
  /** Throws the signal's reason when it aborts. */
  readonly sleep: (seconds: number, signal: AbortSignal) => Promise<void>;
}
