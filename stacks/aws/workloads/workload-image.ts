import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { imageOf, imageSourceOf, type Workload } from '../../spec/index.js';
import { repositoryName } from '../naming.js';
import type { StageContext } from '../stage-context.js';
import { unknownDigest } from '../synth-request.js';

/** An image by its whole name, with the right to pull it when it is in a registry of AWS. */
class PinnedImage extends ecs.ContainerImage {
  readonly #imageName: string;
  readonly #repository: ecr.IRepository | undefined;

  constructor(imageName: string, repository: ecr.IRepository | undefined) {
    super();
    this.#imageName = imageName;
    this.#repository = repository;
  }

  override bind(_scope: Construct, container: ecs.ContainerDefinition): ecs.ContainerImageConfig {
    this.#repository?.grantPull(container.taskDefinition.obtainExecutionRole());
    return { imageName: this.#imageName };
  }
}

/** The image of a workload, by digest: what the registry said, or zeros for one that was not built yet. */
export function workloadImage(scope: Construct, context: StageContext, workload: Workload): ecs.ContainerImage {
  const image = imageOf(context.spec, workload);
  if (image.kind === 'ref') return new PinnedImage(image.ref, foreignRepository(scope, image.ref));
  const repository = ownRepository(scope, context);
  const built = context.images[imageSourceOf(context.spec, workload)];
  return new PinnedImage(built ?? `${repository.repositoryUri}@${unknownDigest}`, repository);
}

/** By its name: the foundation stack makes it, and it has no other. */
function ownRepository(scope: Construct, { scope: stage }: StageContext): ecr.IRepository {
  return once(scope, 'Repository', (stack, id) => ecr.Repository.fromRepositoryName(stack, id, repositoryName(stage)));
}

/** A registry of AWS that is not ours: whoever runs it may have to let this account in. */
function foreignRepository(scope: Construct, reference: string): ecr.IRepository | undefined {
  const [, account, region, name] =
    /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/([^@:]+)/.exec(reference) ?? [];
  if (account === undefined || region === undefined || name === undefined) return undefined;
  return once(scope, `Repository-${account}-${region}-${name.replaceAll('/', '-')}`, (stack, id) => {
    const repositoryArn = stack.formatArn({
      service: 'ecr',
      region,
      account,
      resource: 'repository',
      resourceName: name,
    });
    return ecr.Repository.fromRepositoryAttributes(stack, id, { repositoryArn, repositoryName: name });
  });
}

const repositories = new WeakMap<Stack, Map<string, ecr.IRepository>>();

/** One construct per stack, however many containers run from it. */
function once(scope: Construct, id: string, make: (stack: Stack, id: string) => ecr.IRepository): ecr.IRepository {
  const stack = Stack.of(scope);
  const ofStack = repositories.get(stack) ?? new Map<string, ecr.IRepository>();
  repositories.set(stack, ofStack);
  const repository = ofStack.get(id) ?? make(stack, id);
  ofStack.set(id, repository);
  return repository;
}
