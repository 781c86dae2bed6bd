import { posix } from 'node:path';
import { environmentOf, imageOf, type ImageSpec, type SizeSpec, type Workload } from '../../spec/index.js';
import { type Confinement, confinement } from '../confinement.js';
import { backingNames } from './backing.js';
import type { ComposeContext } from './compose-context.js';
import type { ComposeDependency, ComposeService } from './compose-service.js';
import { composeText } from './compose-text.js';
import { literal } from './interpolation.js';
import { appNetwork, dataNetwork } from './networks.js';
import { temporalEnvironment } from './temporal.js';

/** A service, schedule or migration of the spec. */
export interface ContainerWorkload extends Workload {
  readonly command?: readonly string[] | undefined;
  readonly port?: number | undefined;
  readonly size: SizeSpec;
  readonly isMigration?: boolean;
}

/** What containers of services, schedules and migrations have in common. */
export function workloadContainer(
  workload: ContainerWorkload,
  dependencies: Readonly<Record<string, ComposeDependency>>,
  context: ComposeContext,
): Omit<ComposeService, 'restart'> {
  const { spec } = context;
  const { command, port, size, isMigration } = workload;
  const image = imageOf(spec, workload);
  const environment = environmentFor(workload, context);
  if (port !== undefined) environment['PORT'] = String(port);
  return {
    ...imageFields(image, context),
    ...(command === undefined
      ? {}
      : { command: command.map((item) => composeText(item, context, { port, isMigration })) }),
    ...(Object.keys(environment).length === 0 ? {} : { environment }),
    ...(Object.keys(dependencies).length === 0 ? {} : { depends_on: dependencies }),
    networks: backingNames(spec).length === 0 ? [appNetwork] : [appNetwork, dataNetwork],
    init: true,
    mem_limit: `${size.memory.mebibytes}m`,
    cpus: size.cpu,
    ...confinementFields(confinement(spec)),
  };
}

/** The variables that every service, schedule and migration has, unless its own `env` sets them. */
export function sharedEnvironment(context: ComposeContext): Record<string, string> {
  return environmentFor({ env: {} }, context);
}

function environmentFor(
  workload: Pick<ContainerWorkload, 'env' | 'isMigration'>,
  context: ComposeContext,
): Record<string, string> {
  const { isMigration } = workload;
  const own = mapValues(environmentOf(context.spec, workload), (text) => composeText(text, context, { isMigration }));
  return { ...temporalEnvironment(context), ...own };
}

function confinementFields({ readOnly, tmpfs, user, capDrop, capAdd, securityOpt }: Confinement): ConfinedFields {
  return {
    ...(user === undefined ? {} : { user }),
    ...(readOnly ? { read_only: true as const } : {}),
    ...(tmpfs.length === 0 ? {} : { tmpfs: tmpfs.map(literal) }),
    cap_drop: capDrop,
    ...(capAdd.length === 0 ? {} : { cap_add: capAdd }),
    security_opt: securityOpt,
  };
}

type ConfinedFields = Pick<ComposeService, 'user' | 'read_only' | 'tmpfs' | 'cap_drop' | 'cap_add' | 'security_opt'>;

function imageFields(
  image: ImageSpec,
  { projectPath }: ComposeContext,
): Pick<ComposeService, 'build' | 'image' | 'platform'> {
  const platform = image.platform === undefined ? {} : { platform: image.platform };
  if (image.kind === 'ref') return { image: literal(image.ref), ...platform };
  const { context, dockerfile, target, args, secrets } = image;
  const build = {
    context: literal(posix.isAbsolute(context) ? context : relativePath(projectPath, context)),
    dockerfile: literal(dockerfile),
    ...(target === undefined ? {} : { target: literal(target) }),
    ...(Object.keys(args).length === 0 ? {} : { args: mapValues(args, literal) }),
    ...(secrets.length === 0 ? {} : { secrets }),
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
