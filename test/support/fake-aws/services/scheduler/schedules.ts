import type { RunTaskCommandInput } from '@aws-sdk/client-ecs';
import type { FakeWorld } from '../../fake-world.js';
import type { Properties } from '../../resource-type.js';
import type { EcsTask } from '../ecs/ecs-task.js';
import { runTask } from '../ecs/run-task.js';

/** Schedules by name, as in their templates: `world.state(schedules)`. No clock runs them. */
export function schedules(): Map<string, Properties> {
  return new Map();
}

interface EcsTarget {
  readonly Arn: string;
  readonly EcsParameters: {
    readonly TaskDefinitionArn: string;
    readonly LaunchType?: 'FARGATE';
    readonly TaskCount?: number;
    readonly NetworkConfiguration?: {
      readonly AwsvpcConfiguration?: { readonly Subnets: string[]; readonly SecurityGroups?: string[] };
    };
  };
}

/** Does what a schedule does when its time has come: a test is its clock. */
export function runSchedule(world: FakeWorld, name: string): readonly EcsTask[] {
  const schedule = world.state(schedules).get(name);
  if (schedule === undefined) throw new Error(`no schedule ${name}: ${[...world.state(schedules).keys()].join(', ')}`);
  const { Arn, EcsParameters } = schedule['Target'] as EcsTarget;
  const network = EcsParameters.NetworkConfiguration?.AwsvpcConfiguration;
  const input: RunTaskCommandInput = {
    cluster: Arn,
    taskDefinition: EcsParameters.TaskDefinitionArn,
    launchType: EcsParameters.LaunchType,
    count: EcsParameters.TaskCount ?? 1,
    ...(network === undefined
      ? {}
      : {
          networkConfiguration: {
            awsvpcConfiguration: { subnets: network.Subnets, securityGroups: network.SecurityGroups },
          },
        }),
  };
  return runTask(world, input);
}
