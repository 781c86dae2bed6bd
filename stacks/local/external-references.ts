import { type AgentSpec, parseTemplate } from '../spec/index.js';

/** A template in which what the spec says runs elsewhere (`{ external: … }`) is put in place of its references. */
export function withExternals(spec: AgentSpec, template: string): string {
  const externals = externalTemplates(spec);
  return parseTemplate(template)
    .map((part) =>
      part.kind === 'text' ? escape(part.text) : (externals.get(part.reference) ?? `\${${part.reference}}`),
    )
    .join('');
}

function externalTemplates({ postgres, search, cache, queue }: AgentSpec): ReadonlyMap<string, string> {
  const templates = new Map<string, string>();
  if (postgres?.kind === 'external') {
    templates.set('postgres.url', postgres.url);
    templates.set('postgres.directUrl', postgres.url);
  }
  if (search?.kind === 'external') templates.set('search.url', search.url);
  if (cache?.kind === 'external') templates.set('cache.url', cache.url);
  if (queue?.kind === 'external') templates.set('queue.url', queue.url);
  return templates;
}

/** A literal `${` has to stay one when the result is parsed again. */
function escape(text: string): string {
  return text.replaceAll('${', () => '$${');
}
