import * as client from '@aws-sdk/client-ssm';
import type { FakeService } from '../../fake-service.js';
import { pageOf } from '../../page-of.js';
import { ServiceError } from '../../service-error.js';
import { ssmState, type FakeParameter } from './ssm-state.js';

/** Parameter Store. SecureStrings are told from others, not encrypted. */
export const ssm: FakeService = {
  name: 'ssm',
  protocol: 'json',
  client,
  operations: (world) => {
    const parameters = world.state(ssmState);
    const view = ({ name, type, value, version, changedAt }: FakeParameter): client.Parameter => ({
      Name: name,
      Type: type,
      Value: value,
      Version: version,
      LastModifiedDate: changedAt,
      ARN: world.arn('ssm', `parameter${name.startsWith('/') ? '' : '/'}${name}`),
      DataType: 'text',
    });
    const find = (name = ''): FakeParameter | undefined => parameters.get(name.replace(/^arn:.*:parameter(?=\/)/, ''));
    return {
      GetParameter({ Name }: client.GetParameterCommandInput) {
        const parameter = find(Name);
        if (parameter === undefined) throw new ServiceError('ParameterNotFound', '');
        return { Parameter: view(parameter) };
      },
      GetParameters({ Names = [] }: client.GetParametersCommandInput) {
        const found = Names.flatMap((name) => find(name) ?? []);
        return { Parameters: found.map(view), InvalidParameters: Names.filter((name) => find(name) === undefined) };
      },
      GetParametersByPath({
        Path = '/',
        Recursive = false,
        NextToken,
        MaxResults,
      }: client.GetParametersByPathCommandInput) {
        const under = Path.endsWith('/') ? Path : `${Path}/`;
        const all = [...parameters.values()].filter(
          ({ name }) => name.startsWith(under) && (Recursive || !name.slice(under.length).includes('/')),
        );
        const { items, next } = pageOf(all, NextToken, MaxResults ?? 10);
        return { Parameters: items.map(view), NextToken: next };
      },
      PutParameter({ Name = '', Value = '', Type = 'String', Overwrite = false }: client.PutParameterCommandInput) {
        const known = parameters.get(Name);
        if (known !== undefined && !Overwrite) {
          throw new ServiceError(
            'ParameterAlreadyExists',
            'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
          );
        }
        const version = (known?.version ?? 0) + 1;
        parameters.set(Name, { name: Name, type: known?.type ?? Type, value: Value, version, changedAt: new Date() });
        return { Version: version, Tier: 'Standard' };
      },
      DeleteParameter({ Name = '' }: client.DeleteParameterCommandInput) {
        if (!parameters.delete(Name)) throw new ServiceError('ParameterNotFound', '');
      },
      DeleteParameters: ({ Names = [] }: client.DeleteParametersCommandInput) => {
        const invalid = Names.filter((name) => !parameters.has(name));
        for (const name of Names) parameters.delete(name);
        return { DeletedParameters: Names.filter((name) => !invalid.includes(name)), InvalidParameters: invalid };
      },
    };
  },
};
