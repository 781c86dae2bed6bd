import type { Rule } from './rule.js';

const hostName = /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$/;

/** `domain.name` is a plain host name: no scheme, port, path or wildcard. */
export const hostNames: Rule = (spec) => {
  const name = spec.domain?.name;
  if (name === undefined || hostName.test(name)) return [];
  const stripped = name
    .toLowerCase()
    .replace(/^[a-z]+:\/\//, '')
    .replace(/[/:?#].*$/, '')
    .replace(/^\*\./, '')
    .replace(/\.$/, '');
  const scheme = name.includes('://');
  const fix = hostName.test(stripped) ? `write ${stripped}` : 'write a host name such as agent.example.com';
  const message = scheme
    ? 'domain.name must be a host name, without a scheme'
    : 'domain.name must be a plain host name';
  return [{ code: 'bad-host-name', path: ['domain', 'name'], at: 'value', message, found: JSON.stringify(name), fix }];
};
