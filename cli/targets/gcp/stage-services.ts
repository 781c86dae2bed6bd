import { type StageScope, workloadName } from '../../../stacks/gcp/naming.js';
import { type AgentSpec, imageSourceOf } from '../../../stacks/spec/index.js';
import type { Deferred } from '../../plan/reference.js';
import { checksOf } from '../local/verification-checks.js';

/** Pure: the services of a spec as Cloud Run has them. */
export function runServices(spec: AgentSpec, scope: StageScope) {
  return Object.entries(spec.services).map(([name, { port }]) => ({
    name,
    runName: workloadName(scope, name),
    kind: port === undefined ? ('worker' as const) : ('service' as const),
  }));
}

/** Pure: what of each service has to be proven. */
export function checkedServices(spec: AgentSpec, scope: StageScope, images: Deferred<Record<string, string>>) {
  const known: Readonly<Record<string, Deferred<string>>> = '$ref' in images ? {} : images;
  const checks = checksOf(
    Object.entries(spec.services).map(([name, { routes, health }]) => ({
      name,
      routes,
      readiness: health.readiness?.path,
    })),
  );
  return runServices(spec, scope).map((service) => {
    const workload = spec.services[service.name];
    const check = checks.find((one) => one.service === service.name);
    return {
      ...service,
      image: (workload && known[imageSourceOf(spec, workload)]) ?? '',
      check: check === undefined ? null : { path: check.path, readiness: check.readiness },
    };
  });
}
