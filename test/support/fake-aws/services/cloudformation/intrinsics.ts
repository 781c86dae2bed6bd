import { cidrBlocks } from './cidr-blocks.js';
import type { Template } from './template.js';

/** Where names of a template get their values from. */
export interface Scope {
  readonly template: Template;
  /** Parameters and pseudo parameters. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly region: string;
  readonly ref: (logicalId: string) => unknown;
  readonly attribute: (logicalId: string, attribute: string) => unknown;
  readonly imported: (name: string) => unknown;
}

/** Takes every intrinsic function out of a value. What becomes `AWS::NoValue` is left out. */
export function evaluate(value: unknown, scope: Scope): unknown {
  if (Array.isArray(value)) return value.map((item) => evaluate(item, scope)).filter((item) => item !== undefined);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [only] = entries;
  if (entries.length === 1 && only !== undefined && (only[0] === 'Ref' || only[0].startsWith('Fn::'))) {
    return intrinsic(only[0], only[1], scope);
  }
  const evaluated = entries.map(([key, item]) => [key, evaluate(item, scope)]);
  return Object.fromEntries(evaluated.filter(([, item]) => item !== undefined));
}

/** Is this condition met? */
export function isMet(name: string, scope: Scope): boolean {
  const condition = scope.template.Conditions[name];
  if (condition === undefined) throw new Error(`Template error: unresolved condition dependency ${name}`);
  return isTrue(condition, scope);
}

function intrinsic(name: string, given: unknown, scope: Scope): unknown {
  const list = () => given as unknown[];
  const text = (value: unknown): string => scalarText(evaluate(value, scope), name);
  switch (name) {
    case 'Ref':
      return reference(given as string, scope);
    case 'Fn::GetAtt': {
      const [logicalId = '', ...path] = Array.isArray(given) ? (given as string[]) : (given as string).split('.');
      return scope.attribute(logicalId, path.join('.'));
    }
    case 'Fn::Sub': {
      const [template, names = {}] = (Array.isArray(given) ? given : [given]) as [string, Record<string, unknown>?];
      return substitute(template, names, scope);
    }
    case 'Fn::Join':
      return (evaluate(list()[1], scope) as unknown[]).map((item) => scalarText(item, name)).join(list()[0] as string);
    case 'Fn::Select': {
      const items = evaluate(list()[1], scope) as unknown[];
      const at = Number(evaluate(list()[0], scope));
      if (items[at] !== undefined) return items[at];
      throw new Error(`Template error: Fn::Select cannot select nonexistent value at index ${at}`);
    }
    case 'Fn::Split':
      return text(list()[1]).split(list()[0] as string);
    case 'Fn::If':
      return evaluate(list()[isMet(list()[0] as string, scope) ? 1 : 2], scope);
    case 'Fn::ImportValue':
      return scope.imported(text(given));
    case 'Fn::FindInMap': {
      const [map, first, second] = list().map(text);
      const found = scope.template.Mappings[map ?? '']?.[first ?? '']?.[second ?? ''];
      if (found !== undefined) return found;
      throw new Error(`Template error: Unable to get mapping for ${map}::${first}::${second}`);
    }
    case 'Fn::Base64':
      return Buffer.from(text(given)).toString('base64');
    case 'Fn::Cidr':
      return cidrBlocks(text(list()[0]), Number(text(list()[1])), Number(text(list()[2])));
    case 'Fn::GetAZs':
      return ['a', 'b', 'c'].map((zone) => `${scope.region}${zone}`);
    case 'Fn::Equals':
    case 'Fn::Not':
    case 'Fn::And':
    case 'Fn::Or':
      return isTrue({ [name]: given }, scope);
    default:
      throw new Error(`Template error: the fake has no ${name}`);
  }
}

function isTrue(condition: unknown, scope: Scope): boolean {
  const [[name, given] = ['', undefined]] = Object.entries(condition as Record<string, unknown>);
  const list = given as unknown[];
  switch (name) {
    case 'Condition':
      return isMet(given as string, scope);
    case 'Fn::Equals':
      return String(evaluate(list[0], scope)) === String(evaluate(list[1], scope));
    case 'Fn::Not':
      return !isTrue(list[0], scope);
    case 'Fn::And':
      return list.every((item) => isTrue(item, scope));
    case 'Fn::Or':
      return list.some((item) => isTrue(item, scope));
    default:
      throw new Error(`Template error: the fake has no condition ${name}`);
  }
}

function reference(name: string, scope: Scope): unknown {
  return Object.hasOwn(scope.values, name) ? scope.values[name] : scope.ref(name);
}

function substitute(template: string, names: Record<string, unknown>, scope: Scope): string {
  return template.replaceAll(/\$\{([^}]+)\}/g, (_, name: string) => {
    if (name.startsWith('!')) return `\${${name.slice(1)}}`;
    if (Object.hasOwn(names, name)) return scalarText(evaluate(names[name], scope), name);
    const [logicalId = '', ...path] = name.split('.');
    const isAttribute = path.length > 0 && !Object.hasOwn(scope.values, name);
    return scalarText(isAttribute ? scope.attribute(logicalId, path.join('.')) : reference(name, scope), name);
  });
}

function scalarText(value: unknown, where: string): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return value.join(',');
  throw new Error(`Template error: ${where} needs text, not ${JSON.stringify(value)}`);
}
