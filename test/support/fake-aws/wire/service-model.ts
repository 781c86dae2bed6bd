import { shapeOf, type Shape } from './shape.js';

/** How an operation of a REST protocol is told from others. */
export interface HttpBinding {
  readonly method: string;
  /** `/schedules/{Name}` */
  readonly path: string;
  /** Literals of the query: `list-type=2`. */
  readonly query: ReadonlyMap<string, string>;
  readonly status: number;
}

/** An operation's shapes. */
export interface OperationModel {
  readonly name: string;
  readonly http: HttpBinding | undefined;
  readonly input: Shape;
  readonly output: Shape;
}

const models = new WeakMap<object, ReadonlyMap<string, OperationModel>>();

/** Operations of a client's module, by name. */
export function operationModels(client: object): ReadonlyMap<string, OperationModel> {
  const known = models.get(client);
  if (known !== undefined) return known;
  const model = new Map<string, OperationModel>();
  for (const [key, value] of Object.entries(client)) {
    if (!key.endsWith('$') || !Array.isArray(value) || value[0] !== 9) continue;
    const [, , name, traits, input, output] = value as [9, string, string, unknown, unknown, unknown];
    model.set(name, { name, http: httpBinding(traits), input: shapeOf(input), output: shapeOf(output) });
  }
  models.set(client, model);
  return model;
}

function httpBinding(traits: unknown): HttpBinding | undefined {
  if (typeof traits !== 'object' || traits === null || !('http' in traits)) return undefined;
  const [method, uri, status] = traits.http as [string, string, number];
  const [path = '/', query = ''] = uri.split('?');
  return { method, path, query: new Map(new URLSearchParams(query)), status };
}
