import * as ecs from 'aws-cdk-lib/aws-ecs';
import type { Duration } from 'aws-cdk-lib/core';

/** What {@link addDeadline} needs to know of the container it ends. */
export interface DeadlineOptions {
  readonly after: Duration;
  readonly image: ecs.ContainerImage;
  readonly user: string;
  readonly logging: ecs.LogDriver;
}

/**
 * Ends a task after a time. ECS has no time limit for tasks, but it stops a task when an essential container ends: this one
 * sleeps, in the image of the task itself, so that nothing else is pulled. The image needs `sleep`, as all but those without a
 * shell have.
 */
export function addDeadline(taskDefinition: ecs.TaskDefinition, options: DeadlineOptions): ecs.ContainerDefinition {
  return taskDefinition.addContainer('deadline', {
    image: options.image,
    entryPoint: ['sleep'],
    command: [String(options.after.toSeconds())],
    essential: true,
    user: options.user,
    readonlyRootFilesystem: true,
    logging: options.logging,
    linuxParameters: new ecs.LinuxParameters(taskDefinition, 'DeadlineLinux', { initProcessEnabled: true }),
  });
}
