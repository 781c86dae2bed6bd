import { posix } from 'node:path';
import { environmentOf, imageOf, type ImageSpec, type SizeSpec, type Workload } from '../../spec/index.js';
import { backingNames } from './backing.js';
import type { ComposeContext } from './compose-context.js';
import type { ComposeDependency, ComposeService } from './compose-service.js';
import { composeText } from './compose-text.js';
import { literal } from './interpolation.js';
import { appNetwork, dataNetwork } from './networks.js';

/** A service, schedule or migration of the spec. */
export interface ContainerWorkload extends Workload {
  readonly command?: readonly string[] | undefined;
  readonly port?: number | undefined;
  readonly size: SizeSpec;
}

/** What containers of services, schedules and migrations have in common. */
export function workloadContainer(
  workload: ContainerWorkload,
  dependencies: Readonly<Record<string, ComposeDependency>>,
  context: ComposeContext,
): Omit<ComposeService, 'restart'> {
  const { spec } = context;
  const { command, port, size } = workload;
  const image = imageOf(spec, workload);
  const environment = environmentFor(workload, context);
  if (port !== undefined) environment['PORT'] = String(port);
  return {
    ...imageFields(image, context),
    ...(command === undefined ? {} : { command: command.map((item) => composeText(item, context, port)) }),
    ...(Object.keys(environment).length === 0 ? {} : { environment }),
    ...(Object.keys(dependencies).length === 0 ? {} : { depends_on: dependencies }),
    networks: backingNames(spec).length === 0 ? [appNetwork] : [appNetwork, dataNetwork],
    init: true,
    mem_limit: `${size.memory.mebibytes}m`,
    cpus: size.cpu,
  };
}

/** The variables that every service, schedule and migration has, unless its own `env` sets them. */
export function sharedEnvironment(context: ComposeContext): Record<string, string> {
  return environmentFor({ env: {} }, context);
}

function environmentFor(workload: Workload, context: ComposeContext): Record<string, string> {
  return mapValues(environmentOf(context.spec, workload), (text) => composeText(text, context));
}

function imageFields(
  image: ImageSpec,
  { projectPath }: ComposeContext,
): Pick<ComposeService, 'build' | 'image' | 'platform'> {
  const platform = image.platform === undefined ? {} : { platform: image.platform };
  if (image.kind === 'ref') return { image: literal(image.ref), ...platform };
  const { context, dockerfile, target, args } = image;
  const build = {
    context: literal(posix.isAbsolute(context) ? context : relativePath(projectPath, context)),
    dockerfile: literal(dockerfile),
    ...(target === undefined ? {} : { target: literal(target) }),
    ...(Object.keys(args).length === 0 ? {} : { args: mapValues(args, literal) }),
  };
  return { build, ...platform };
}

/** Compose takes a path that does not begin with a dot for a path as well, but people would wonder. */
function relativePath(projectPath: string, path: string): string {
  const joined = posix.join(projectPath, path).replace(/(.)\/$/, '$1');
  return joined.startsWith('.') || joined.startsWith('/') ? joined : `./${joined}`;
}

function mapValues(
  values: Readonly<Record<string, string>>,
  change: (value: string) => string,
): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value)]));
}
