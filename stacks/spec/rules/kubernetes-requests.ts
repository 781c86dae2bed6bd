import { formatQuantity } from '../schema/quantity.js';
import type { SpecProblem } from '../problem.js';
import type { Rule } from './rule.js';

/** `clouds.kubernetes.requests` names services that exist and stays within their size. */
export const kubernetesRequests: Rule = (spec, context) =>
  Object.entries(spec.clouds.kubernetes?.requests ?? {}).flatMap(([name, request]): readonly SpecProblem[] => {
    const path = ['clouds', 'kubernetes', 'requests', name];
    const service = Object.hasOwn(spec.services, name) ? spec.services[name] : undefined;
    if (service === undefined) {
      if (context.isUnsure('services')) return [];
      const allowed = Object.keys(spec.services);
      const message = `there is no service "${name}"`;
      return [{ code: 'unknown-service', path, at: 'key', message, allowed, fix: 'use the name of a service' }];
    }
    const { cpu, memory } = service.size;
    if (request.cpu !== undefined && request.cpu > cpu) {
      const message = `${name} requests ${request.cpu} vCPU, more than its size of ${cpu}`;
      return [{ code: 'bad-value', path: [...path, 'cpu'], at: 'value', message, fix: `request at most ${cpu}` }];
    }
    if (request.memory !== undefined && request.memory.mebibytes > memory.mebibytes) {
      const [asked, limit] = [request.memory, memory].map(formatQuantity);
      const message = `${name} requests ${asked} of memory, more than its size of ${limit}`;
      return [{ code: 'bad-value', path: [...path, 'memory'], at: 'value', message, fix: `request at most ${limit}` }];
    }
    return [];
  });
