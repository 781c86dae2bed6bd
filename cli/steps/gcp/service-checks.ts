import * as z from 'zod';
import { serviceRevisionOutput } from '../../../stacks/gcp/outputs.js';
import type { GcpStepTools } from './gcp-step-tools.js';
import { runService } from './stage-request.js';

/** A service, and how it is asked. */
export const checkedService = runService.extend({
  /** `repository@sha256:…`: what its containers must run. */
  image: z.string(),
  /** Null: it is not public. */
  check: z
    .strictObject({
      /** Path behind the public address. */
      path: z.string(),
      /** Whether the path is the service's own readiness check (any answer under 500 does for other paths). */
      readiness: z.boolean(),
    })
    .nullable(),
});

/** The same with the revision that it must serve. */
export type CheckedService = z.output<typeof checkedService> & { readonly revision: string };

/** Each service with its revision, as the outputs of the service configuration name it. */
export function withRevisions<T extends { readonly name: string }>(
  services: readonly T[],
  outputs: Readonly<Record<string, string>>,
): readonly (T & { readonly revision: string })[] {
  return services.map((service) => {
    const revision = outputs[serviceRevisionOutput(service.name)];
    if (revision === undefined) throw new Error(`the service configuration names no revision of ${service.name}`);
    return { ...service, revision };
  });
}

/** Why something is not as it should be. */
export interface Problem {
  readonly what: string;
  /** Waiting does not help. */
  readonly isFinal: boolean;
}

type Tools = Pick<GcpStepTools, 'gcp' | 'probe'>;

/** Whether a revision is up and runs the image that it should. */
export async function revisionProblem(
  { name, kind, revision, image }: CheckedService,
  { gcp }: Tools,
  signal: AbortSignal,
): Promise<Problem | undefined> {
  const state = await gcp.services.revision(kind, revision, signal);
  if (state === undefined) return { what: `${name} has no revision ${revision}`, isFinal: true };
  const digest = image.slice(image.indexOf('@') + 1);
  if (state.digest !== digest && !state.image.endsWith(`@${digest}`)) {
    return { what: `${revision} of ${name} runs ${state.digest ?? state.image}, not ${digest}`, isFinal: true };
  }
  const { condition } = state;
  if (condition.state === 'true') return undefined;
  const why = condition.message ?? condition.reason;
  return {
    what: `${revision} of ${name} is not ready${why === null ? '' : `: ${why}`}`,
    isFinal: condition.state === 'false',
  };
}

/** Whether exactly one revision of a service gets all the traffic. */
export async function trafficProblem(
  { name, runName, kind, revision }: Pick<CheckedService, 'name' | 'runName' | 'kind' | 'revision'>,
  { gcp }: Tools,
  signal: AbortSignal,
): Promise<Problem | undefined> {
  const state = await gcp.services.state(kind, runName, signal);
  if (state === undefined) return { what: `there is no service ${name} (${runName})`, isFinal: true };
  const served = state.traffic.filter(({ percent }) => percent > 0);
  if (served.length > 0 && served.every((one) => one.revision === revision)) return undefined;
  const split = served.map((one) => `${one.revision} ${one.percent} %`).join(', ');
  return {
    what: `the traffic of ${name} goes to ${split === '' ? 'nobody' : split}, not to ${revision}`,
    isFinal: false,
  };
}

/** Whether a public service answers; `headers` lead to a certain revision. */
export async function answerProblem(
  url: string,
  { name, check }: Pick<CheckedService, 'name' | 'check'>,
  { probe }: Tools,
  signal: AbortSignal,
  headers: Readonly<Record<string, string>> = {},
): Promise<Problem | undefined> {
  if (check === null || url === '') return undefined;
  const answer = await probe(new URL(check.path, url).href, signal, headers);
  if (answer.kind === 'unreachable') {
    return { what: `GET ${check.path} (${name}) did not answer: ${answer.reason}`, isFinal: false };
  }
  const isGood = check.readiness ? answer.status < 400 : answer.status < 500;
  if (isGood) return undefined;
  const what = `GET ${check.path} (${name}) answered ${answer.status}: ${answer.body.slice(0, 200)}`;
  return { what, isFinal: false };
}
