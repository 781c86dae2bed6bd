import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as kms from 'aws-cdk-lib/aws-kms';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { Fn } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { namedSecret } from '../../../constructs/aws/index.js';
import { type PlacedWorkload, resolveTemplate } from '../../spec/index.js';
import { environmentOn } from '../environment.js';
import { bootstrapNames, parameterName, type StackKind } from '../naming.js';
import { foundationExport } from '../outputs.js';
import type { StageContext } from '../stage-context.js';

/** The variables of all containers of one stack: parameters and secrets that several have are there once. */
export class ContainerVariables extends Construct {
  readonly #context: StageContext;
  readonly #kind: StackKind;
  readonly #parameters = new Map<string, ssm.StringParameter>();
  readonly #secrets = new Map<string, secretsmanager.ISecret>();
  #key: kms.IKey | undefined;

  constructor(scope: Construct, id: string, context: StageContext, kind: StackKind) {
    super(scope, id);
    this.#context = context;
    this.#kind = kind;
  }

  /** What a workload gets, none of it as a literal. */
  of(workload: PlacedWorkload): Record<string, ecs.Secret> {
    const entries = Object.entries(environmentOn(this.#context, workload));
    return Object.fromEntries(
      entries.map(([variable, entry]) => {
        if (entry.kind === 'plain') return [variable, this.#plain(variable, entry.text)];
        const field = entry.kind === 'generated' ? entry.field : undefined;
        return [variable, ecs.Secret.fromSecretsManager(this.secret(entry.name), field)];
      }),
    );
  }

  /** A secret that is made before the stacks are. */
  secret(name: string): secretsmanager.ISecret {
    const existing = this.#secrets.get(name);
    if (existing !== undefined) return existing;
    // The key is that of bootstrap, whatever else the stage is encrypted with.
    this.#key ??= kms.Key.fromKeyArn(this, 'SecretsKey', Fn.importValue(bootstrapNames.keyArnExport));
    const secret = namedSecret(this, idOf(name), { name, encryptionKey: this.#key });
    this.#secrets.set(name, secret);
    return secret;
  }

  #plain(variable: string, text: string): ecs.Secret {
    const name = parameterName(this.#context.scope, this.#kind, variable, text);
    const existing = this.#parameters.get(name);
    if (existing !== undefined) return ecs.Secret.fromSsmParameter(existing);
    const parameter = new ssm.StringParameter(this, idOf(name.split('/').slice(-2).join('-')), {
      parameterName: name,
      simpleName: false,
      stringValue: this.#filledIn(text),
    });
    this.#parameters.set(name, parameter);
    return ecs.Secret.fromSsmParameter(parameter);
  }

  #filledIn(text: string): string {
    const { scope } = this.#context;
    return resolveTemplate(text, (reference) =>
      Fn.importValue(foundationExport(scope, reference.slice('output.'.length))),
    );
  }
}

function idOf(name: string): string {
  return name.replaceAll('/', '-');
}
