import type * as client from '@aws-sdk/client-ecs';
import type { FakeWorld } from '../../fake-world.js';
import { ServiceError } from '../../service-error.js';

/** Task definitions by family and revision. */
export interface TaskDefinitions {
  readonly all: ReadonlyMap<string, client.TaskDefinition>;
  /** @throws ServiceError ClientException */
  register(input: client.RegisterTaskDefinitionCommandInput): client.TaskDefinition;
  /** By ARN, `family:revision` or family (its latest active revision). @throws ServiceError ClientException */
  find(reference: string | undefined): client.TaskDefinition;
  deregister(reference: string | undefined): client.TaskDefinition;
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html; CPU units to MiB. */
const fargateSizes: Readonly<Record<number, readonly [number, number]>> = {
  256: [512, 2048],
  512: [1024, 4096],
  1024: [2048, 8192],
  2048: [4096, 16_384],
  4096: [8192, 30_720],
  8192: [16_384, 61_440],
  16_384: [32_768, 122_880],
};

export function createTaskDefinitions(world: FakeWorld): TaskDefinitions {
  const all = new Map<string, client.TaskDefinition>();
  const families = new Map<string, number>();
  const definitions: TaskDefinitions = {
    all,
    register(input) {
      check(input);
      const { family = '', tags: _tags, ...rest } = input;
      const revision = (families.get(family) ?? 0) + 1;
      families.set(family, revision);
      const arn = world.arn('ecs', `task-definition/${family}:${revision}`);
      const definition: client.TaskDefinition = {
        ...rest,
        family,
        revision,
        taskDefinitionArn: arn,
        status: 'ACTIVE',
        compatibilities: ['EC2', 'FARGATE'],
        registeredAt: new Date(),
      };
      all.set(arn, definition);
      return definition;
    },
    find(reference = '') {
      const name = reference.split('task-definition/').at(-1) ?? '';
      const matches = [...all.values()].filter(({ family, revision }) => name === `${family}:${revision}`);
      const active = [...all.values()].filter(({ family, status }) => name === family && status === 'ACTIVE');
      const found = matches[0] ?? active.sort((a, b) => (b.revision ?? 0) - (a.revision ?? 0))[0];
      if (found === undefined) throw new ServiceError('ClientException', 'Unable to describe task definition.');
      return found;
    },
    deregister(reference) {
      const found = definitions.find(reference);
      const gone: client.TaskDefinition = { ...found, status: 'INACTIVE', deregisteredAt: new Date() };
      all.set(found.taskDefinitionArn ?? '', gone);
      return gone;
    },
  };
  return definitions;
}

function check(input: client.RegisterTaskDefinitionCommandInput): void {
  const refuse = (message: string): never => {
    throw new ServiceError('ClientException', message);
  };
  const { family = '', containerDefinitions = [], requiresCompatibilities = [], cpu, memory } = input;
  if (!/^[\w-]{1,255}$/.test(family)) refuse('Family contains invalid characters.');
  if (containerDefinitions.length === 0) refuse('Container list cannot be empty.');
  if (!containerDefinitions.some(({ essential = true }) => essential)) {
    refuse('Task definition does not have at least one essential container.');
  }
  for (const { name, image } of containerDefinitions) {
    if (name === undefined || image === undefined)
      refuse('Container.name and Container.image should not be null or empty.');
  }
  if (!requiresCompatibilities.includes('FARGATE')) return;
  if (input.networkMode !== 'awsvpc') refuse('Fargate only supports network mode ‘awsvpc’.');
  const [least = 0, most = 0] = fargateSizes[Number(cpu)] ?? [];
  const given = Number(memory);
  if (!(given >= least && given <= most)) {
    refuse('No Fargate configuration exists for given values. See the Amazon ECS documentation for the valid values.');
  }
  if (input.executionRoleArn !== undefined) return;
  const needsRole = containerDefinitions.find(
    ({ secrets = [], logConfiguration }) => secrets.length > 0 || logConfiguration?.logDriver === 'awslogs',
  );
  if (needsRole?.secrets !== undefined && needsRole.secrets.length > 0) {
    refuse('When you are specifying container secrets, you must also specify a value for execution role.');
  }
  if (needsRole !== undefined)
    refuse('Fargate requires task definition to have execution role ARN to support log driver awslogs.');
}
