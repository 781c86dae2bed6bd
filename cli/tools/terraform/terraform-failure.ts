import { AgentctlError, type ErrorCode } from '../../errors.js';
import type { TerraformDiagnostic } from './ui-line.js';

/** When something went wrong: nothing is changed before an apply. */
export type TerraformPhase = 'init' | 'plan' | 'apply' | 'other';

interface Remedy {
  readonly says: RegExp;
  /** @default - StepFailed in an apply, ToolFailed before */
  readonly code?: ErrorCode;
  readonly fix: string;
  readonly retryable?: boolean;
}

/** First match wins. Texts of Terraform 1.11 (internal/…), of its GCS backend and of hashicorp/google 6.50. */
const remedies: readonly Remedy[] = [
  {
    says: /Saved plan is stale/,
    code: 'PlanStale',
    fix: 'run it again: the state was changed by somebody else after it was planned',
    retryable: true,
  },
  {
    says: /prevent_destroy/,
    code: 'Refused',
    fix: 'undo the change in agentctl.yaml: what holds data is never destroyed by a deploy',
  },
  {
    says: /could not find default credentials|No credentials loaded|oauth2: |invalid_grant|invalid authentication credentials|Error 401/i,
    code: 'EnvironmentNotReady',
    fix: 'log in: gcloud auth application-default login; in CI set GOOGLE_APPLICATION_CREDENTIALS or use workload identity federation',
  },
  {
    says: /bucket doesn['’]t exist|specified bucket does not exist/i,
    code: 'EnvironmentNotReady',
    fix: 'make the bucket of the states: agentctl bootstrap --cloud gcp',
  },
  {
    says: /SERVICE_DISABLED|has not been used in project|API .*not enabled/i,
    code: 'EnvironmentNotReady',
    fix: 'enable the API that is named above, wait a minute, and run it again',
    retryable: true,
  },
  {
    says: /Error 403|PERMISSION_DENIED|does not have .* access/i,
    code: 'EnvironmentNotReady',
    fix: 'allow what Google Cloud denied, then run it again',
  },
  {
    says: /Failed to query available provider packages|Failed to install provider|Could not retrieve/i,
    code: 'EnvironmentNotReady',
    fix: 'let this machine reach registry.terraform.io, or name a mirror in the file of TF_CLI_CONFIG_FILE',
  },
  {
    says: /lock file|dependency lock/i,
    code: 'EnvironmentNotReady',
    fix: 'write the lock file anew for this platform: terraform providers lock',
  },
  {
    says: /quota|rateLimitExceeded|limit exceeded/i,
    fix: 'raise the quota (agentctl doctor lists them), or ask for less',
  },
  {
    says: /Error 409|already exists/i,
    fix: 'something of that name is there already, perhaps kept by a destroy or left by a run that was killed: remove it or import it, then run it again',
  },
  {
    says: /Error 5\d\d|connection reset|unexpected EOF|i\/o timeout|TLS handshake timeout|no such host|connection refused/i,
    fix: 'run it again: it goes on where it is',
    retryable: true,
  },
];

/** Pure: what Terraform says is wrong, as one error: the first in its message, with where; the others above it. */
export function terraformFailed(
  stack: string,
  phase: TerraformPhase,
  diagnostics: readonly TerraformDiagnostic[],
  cause?: unknown,
): AgentctlError {
  // Beside the error itself Terraform says that it stopped because of it.
  const told = diagnostics.filter(({ summary }) => summary !== 'execution halted');
  const texts = [...new Set(told.map(textOf))];
  const [first = 'Terraform gives no reason', ...others] = texts;
  const remedy = remedies.find(({ says }) => texts.some((text) => says.test(text)));
  const what = { init: 'be prepared', plan: 'be planned', apply: 'be deployed', other: 'be read' }[phase];
  return new AgentctlError(
    remedy?.code ?? (phase === 'apply' ? 'StepFailed' : 'ToolFailed'),
    `stack ${stack} could not ${what}: ${first}`,
    {
      fix: remedy?.fix ?? 'correct what Terraform says, then run it again: it goes on where it is',
      ...(others.length === 0 ? {} : { detail: others.join('\n') }),
      data: { stack, diagnostics: told.map(({ summary, address }) => ({ summary, address: address ?? null })) },
      retryable: remedy?.retryable ?? false,
      cause,
    },
  );
}

/** `google_x.Y: summary: detail`, on one line. */
function textOf({ summary, detail, address }: TerraformDiagnostic): string {
  const said = [summary, detail]
    .map((part) => part.replaceAll(/\s+/g, ' ').trim().replace(/[.:]$/, ''))
    .filter((part) => part !== '');
  return `${address === undefined ? '' : `${address}: `}${said.join(': ')}`;
}
