import type { Properties } from '../../resource-type.js';
import type { Template, TemplateResource } from './template.js';
import type { Output, StackEvent, StackStatus, Tag } from '@aws-sdk/client-cloudformation';

/** A resource that exists. */
export interface StackResource {
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Without intrinsics; dynamic references are still text, so that no secret is kept here. */
  readonly properties: Properties;
  /** Logical ids that it was made after. */
  readonly needs: readonly string[];
  readonly definition: TemplateResource;
  readonly status: string;
  readonly reason: string | undefined;
  readonly changedAt: Date;
  /** An update of it failed in its middle: what it is now is known to nobody. */
  readonly isUnclear: boolean;
}

/** What a stack is made from. */
export interface StackInput {
  readonly template: Template;
  /** As it was submitted. */
  readonly body: string;
  /** As given or by default; of SSM types: the names. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly tags: readonly Tag[];
  readonly capabilities: readonly string[];
}

/** Where a failed update goes back to. */
export interface Snapshot {
  readonly input: StackInput | undefined;
  readonly resources: ReadonlyMap<string, StackResource>;
  readonly outputs: readonly Output[];
}

/** A stack. */
export interface Stack {
  readonly id: string;
  readonly name: string;
  readonly createdAt: Date;
  status: StackStatus;
  statusReason: string | undefined;
  updatedAt: Date | undefined;
  deletedAt: Date | undefined;
  input: StackInput | undefined;
  resources: Map<string, StackResource>;
  outputs: readonly Output[];
  /** Names that it imports. */
  imports: ReadonlySet<string>;
  isProtected: boolean;
  isRollbackDisabled: boolean;
  /** Newest first. */
  readonly events: StackEvent[];
  snapshot: Snapshot | undefined;
  /** Resources that a successful update left to be deleted. */
  cleanup: StackResource[];
  /** Of the operation that goes on. */
  operation: { readonly abort: AbortController; readonly token: string | undefined } | undefined;
  /** Client request tokens that were carried out. */
  readonly tokens: Set<string>;
}
