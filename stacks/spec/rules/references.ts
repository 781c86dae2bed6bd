import type { SpecPath, SpecProblem } from '../problem.js';
import { plainReferences, referencedSections, sectionReferences, type ReferencedSection } from '../references.js';
import type { AgentSpec } from '../schema/agent.js';
import { hasUnclosedReference, referencesIn } from '../template.js';
import type { Rule, RuleContext } from './rule.js';
import { workloadsOf } from './workloads-of.js';

const sections = referencedSections;

/** Every `${…}` of a variable or external URL exists. */
export const references: Rule = (spec, context) => {
  const environments = [{ path: [] as SpecPath, env: spec.env }, ...workloadsOf(spec)].flatMap(({ path, env }) =>
    Object.entries(env).map(([name, text]) => ({ path: [...path, 'env', name], text })),
  );
  const urls = sections.flatMap((section) => {
    const part = spec[section];
    return part?.kind === 'external' ? [{ path: [section, 'external'], text: part.url }] : [];
  });
  return [...environments, ...urls].flatMap(({ path, text }) => [
    ...(hasUnclosedReference(text) ? [unclosed(path)] : []),
    ...referencesIn(text).flatMap((reference) => problemsOf(reference, { path, at: 'value' }, spec, context)),
  ]);
};

function unclosed(path: SpecPath): SpecProblem {
  const fix = 'close it with "}", or write $${ if the text should contain ${ literally';
  return { code: 'unknown-reference', path, at: 'value', message: 'a "${" is never closed', fix };
}

type Place = Pick<SpecProblem, 'path' | 'at'>;

function problemsOf(reference: string, place: Place, spec: AgentSpec, context: RuleContext): readonly SpecProblem[] {
  const found = `\${${reference}}`;
  const [head = '', name = '', ...rest] = reference.split('.');
  if ((plainReferences as readonly string[]).includes(reference)) return [];
  if (head === 'secrets' && rest.length === 0) return secretProblems(name, { ...place, found }, spec, context);
  if (head === 'services' && rest.join('.') === 'url') return serviceProblems(name, { ...place, found }, spec, context);
  if (place.path[1] === 'external') {
    const message = `an external address can only be put together from secrets, not from ${found}`;
    return [{ ...place, code: 'unknown-reference', message, found, fix: 'use ${secrets.NAME}' }];
  }
  const section = sections.find((candidate) => candidate === head);
  if (
    section !== undefined &&
    (sectionReferences[section] as readonly string[]).includes(reference.slice(head.length + 1))
  ) {
    return sectionProblems(section, name, { ...place, found }, spec, context);
  }
  const available = availableReferences(spec);
  const ofSection = available.filter((candidate) => candidate.startsWith(`\${${head}.`));
  const allowed = ofSection.length > 0 ? ofSection : available;
  const fix = /^[A-Za-z_]\w*(?:$|:)/.test(reference)
    ? `use one of the references, or write $$\{${reference}} if the text should contain it literally`
    : 'use one of the references';
  const message = `there is no reference ${found}`;
  return [{ ...place, code: 'unknown-reference', message, found, allowed, fix }];
}

type FoundPlace = Place & { readonly found: string };

function secretProblems(
  name: string,
  place: FoundPlace,
  spec: AgentSpec,
  context: RuleContext,
): readonly SpecProblem[] {
  if (spec.secrets.includes(name) || context.isUnsure('secrets')) return [];
  const message = `${place.found} is not in secrets`;
  const allowed = spec.secrets.map((secret) => `\${secrets.${secret}}`);
  return [{ ...place, code: 'undeclared-secret', message, allowed, fix: `add ${name} to secrets` }];
}

function serviceProblems(
  name: string,
  place: FoundPlace,
  spec: AgentSpec,
  context: RuleContext,
): readonly SpecProblem[] {
  if (context.isUnsure('services')) return [];
  const service = Object.hasOwn(spec.services, name) ? spec.services[name] : undefined;
  const allowed = Object.entries(spec.services).flatMap(([other, { port }]) =>
    port === undefined ? [] : [`\${services.${other}.url}`],
  );
  if (service === undefined) {
    const message = `${place.found}: there is no service "${name}"`;
    return [{ ...place, code: 'unknown-reference', message, allowed, fix: 'use a service with a port' }];
  }
  if (service.port !== undefined) return [];
  const message = `${place.found}: services.${name} has no port, so it has no address`;
  return [{ ...place, code: 'unknown-reference', message, allowed, fix: `add a port to services.${name}` }];
}

function sectionProblems(
  section: ReferencedSection,
  field: string,
  place: FoundPlace,
  spec: AgentSpec,
  context: RuleContext,
): readonly SpecProblem[] {
  const part = spec[section];
  if (part === undefined) {
    if (context.isUnsure(section)) return [];
    const message = `${place.found} is used, but there is no ${section}`;
    const { path, at } = place;
    return [{ code: 'missing-section', path, at, message, fix: `add "${section}: {}", or remove the reference` }];
  }
  if (part.kind === 'managed' || field === 'url' || field === 'directUrl') return [];
  const message = `${place.found} is not known: ${section} is external, so only its url is`;
  const allowed = section === 'postgres' ? ['${postgres.url}', '${postgres.directUrl}'] : [`\${${section}.url}`];
  return [
    { ...place, code: 'unknown-reference', message, allowed, fix: `use \${${section}.url}, or a secret of its own` },
  ];
}

function availableReferences(spec: AgentSpec): readonly string[] {
  const fromSections = sections.flatMap((section) => {
    const part = spec[section];
    if (part?.kind === 'external') return [`${section}.url`];
    return sectionReferences[section].map((field) => `${section}.${field}`);
  });
  const services = Object.entries(spec.services).flatMap(([name, { port }]) =>
    port === undefined ? [] : [`services.${name}.url`],
  );
  const secrets = spec.secrets.map((name) => `secrets.${name}`);
  return [...fromSections, ...services, ...secrets, ...plainReferences].map((reference) => `\${${reference}}`);
}
