import type { Arguments, Configuration } from '../../../stacks/gcp/policy/configuration.js';
import { computedAttributes } from '../fake-gcp/services/terraform/computed-attributes.js';
import { type CloudPlace, resourceId } from '../fake-gcp/services/terraform/resource-id.js';

type Values = Readonly<Record<string, unknown>>;

/** What Google computes for what holds data; well-formed, and nobody's. */
const certificate = '-----BEGIN CERTIFICATE-----\nTk9ORQ==\n-----END CERTIFICATE-----\n';
const computedByType: Readonly<Record<string, Values>> = {
  google_sql_database_instance: {
    private_ip_address: '10.20.0.3',
    server_ca_cert: [{ cert: certificate }],
    service_account_email_address: 'p123456789012-a1b2c3@gcp-sa-cloud-sql.iam.gserviceaccount.com',
  },
  google_redis_instance: { host: '10.20.0.4', port: 6378, server_ca_certs: [{ cert: certificate }] },
  google_compute_global_address: { address: '203.0.113.7' },
};

/**
 * Pure: a configuration without any reference, each replaced by a value of the form that it will have. The provider skips its
 * checks of a block that has an unknown value in it, so that `terraform validate` says more about this one. Data sources and
 * variables are gone with what referred to them; `outputs` are those of the configuration that remote state would be read from.
 *
 * @throws Error for a reference that it has no value for
 */
export function withLiteralValues(
  configuration: Configuration,
  place: Omit<CloudPlace, 'newId'>,
  outputs: Values = {},
): Configuration & { readonly output: Readonly<Record<string, { readonly value: unknown }>> } {
  const { resource = {}, data: _data, variable: _variable, output = {}, terraform = {}, ...rest } = configuration;
  const { backend: _backend, ...settings } = terraform;
  const cloud: CloudPlace = { ...place, newId: (length) => '7'.repeat(length ?? 12) };
  const known = new Map<string, Values>();

  const attributesOf = (type: string, name: string): Values => {
    const found = known.get(`${type}.${name}`);
    if (found !== undefined) return found;
    const block = resource[type]?.[name];
    if (block === undefined) throw new Error(`${type}.${name} is not declared`);
    // What refers to itself in a circle ends here.
    known.set(`${type}.${name}`, {});
    const own = literal(block) as Arguments;
    const id = resourceId(cloud, type, own);
    const all = { ...computedAttributes(cloud, type, id, own), ...computedByType[type], ...own, id };
    known.set(`${type}.${name}`, all);
    return all;
  };

  const valueOf = (expression: string): unknown => {
    const [type = '', name = '', ...path] = expression.replaceAll(/\[(\d+)\]/g, '.$1').split('.');
    const value =
      type === 'var'
        ? `literal-${name}-Aa1`
        : type === 'data'
          ? dataValue(name, path, place, outputs)
          : path.reduce<unknown>((inner, key) => (inner as Values | undefined)?.[key], attributesOf(type, name));
    if (!['string', 'number', 'boolean'].includes(typeof value)) throw new Error(`no literal value for ${expression}`);
    return value;
  };

  const literal = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(literal);
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(
        Object.entries(value)
          .filter(([key]) => key !== '//')
          .map(([key, item]) => [key, key === 'depends_on' || key === 'lifecycle' ? item : literal(item)]),
      );
    if (typeof value !== 'string') return value;
    const whole = /^\$\{([^{}]+)\}$/.exec(value);
    if (whole !== null) return valueOf(whole[1] ?? '');
    return value.replaceAll(/(?<!\$)\$\{([^{}]+)\}/g, (_, expression: string) => String(valueOf(expression)));
  };

  return {
    ...rest,
    terraform: settings,
    resource: Object.fromEntries(
      Object.entries(resource).map(([type, named]) => [
        type,
        Object.fromEntries(Object.entries(named).map(([name, block]) => [name, literal(block) as Arguments])),
      ]),
    ),
    output: Object.fromEntries(
      Object.entries(output).map(([name, block]) => [name, literal(block) as { readonly value: unknown }]),
    ),
  };
}

function dataValue(
  type: string,
  [, ...path]: readonly string[],
  { projectNumber }: Omit<CloudPlace, 'newId'>,
  outputs: Values,
): unknown {
  if (type === 'terraform_remote_state' && path[0] === 'outputs') return outputs[path[1] ?? ''];
  return type === 'google_project' && path[0] === 'number' ? projectNumber : undefined;
}

/** Values of the outputs of a configuration. */
export function outputValues(configuration: {
  readonly output: Readonly<Record<string, { readonly value: unknown }>>;
}): Values {
  return Object.fromEntries(Object.entries(configuration.output).map(([name, { value }]) => [name, value]));
}
