import { ProjectService } from '@cdktf/provider-google/lib/project-service/index.js';
import { dependable, TerraformResource } from 'cdktf';
import { Construct } from 'constructs';
import { assertProps } from '../../checks/assert-props.js';
import { applyTransform, type Transform } from '../transform.js';

/** Props of {@link ProjectServices}. */
export interface ProjectServicesProps {
  /** Such as `run` for run.googleapis.com. */
  readonly services: readonly string[];
  /** @default none */
  readonly transform?: Transform;
}

/** APIs of the project that are switched on. They stay on when the stack goes: others may use them. */
export class ProjectServices extends Construct {
  readonly services: readonly ProjectService[];
  /** All of them are on; one dependency instead of as many as there are APIs. */
  readonly ready: TerraformResource;

  constructor(scope: Construct, id: string, props: ProjectServicesProps) {
    super(scope, id);
    assertProps(
      this,
      props.services.map((name) => !/^[a-z][a-z0-9]*$/.test(name) && `"${name}" is not the name of an API such as run`),
    );
    this.services = props.services.map(
      (name) =>
        new ProjectService(this, name, {
          service: `${name}.googleapis.com`,
          // The provider's default is to switch the API off for the whole project.
          disableOnDestroy: false,
        }),
    );
    // Not cdktf’s DataResource, which runs `terraform version` when it is synthesized.
    this.ready = new TerraformResource(this, 'Ready', {
      terraformResourceType: 'terraform_data',
      dependsOn: [...this.services],
    });
    applyTransform(this, props.transform);
  }

  /** Makes every resource below a scope wait for the APIs: hardly anything refers to them. */
  guard(scope: Construct): void {
    for (const node of scope.node.findAll()) {
      if (!TerraformResource.isTerraformResource(node) || node.node.scopes.includes(this)) continue;
      node.dependsOn = [...(node.dependsOn ?? []), dependable(this.ready)];
    }
  }
}
