import type { Scaffold } from './scaffold.js';

/** A variable of the proposed `env`, with a remark for the end of its line. */
export interface ProposedVariable {
  readonly name: string;
  readonly value: string;
  readonly note?: string;
}

/** A variable that stays commented out, and why. */
export interface OmittedVariable {
  readonly name: string;
  readonly value: string;
  readonly reason: string;
}

/** A proposed service. Texts named `…Note` are remarks for the end of a line. */
export interface ProposedService {
  readonly name: string;
  readonly note: string;
  readonly command: readonly string[];
  readonly commandNote?: string;
  /** Without one the service is a worker. */
  readonly http?: {
    readonly port: number;
    readonly readiness: string;
    readonly readinessNote: string;
    readonly liveness?: string;
  };
  /** More than one would do harm. */
  readonly isSingle?: true;
}

/** Data services that the code uses. */
export interface ProposedParts {
  readonly postgres?: { readonly extensions: readonly string[] };
  readonly search: boolean;
  readonly cache: boolean;
  readonly queue?: 'redis' | 'rabbitmq';
}

/** Everything an agentctl.yaml is written from. */
export interface Proposal {
  readonly name: string;
  readonly build: { readonly context: string; readonly dockerfile: string };
  readonly hasDockerfile: boolean;
  /** What the image is to be built from, when there is no Dockerfile. */
  readonly scaffold?: Scaffold;
  readonly variables: readonly ProposedVariable[];
  readonly omitted: readonly OmittedVariable[];
  readonly secrets: readonly string[];
  readonly services: readonly ProposedService[];
  readonly migration?: { readonly command: readonly string[]; readonly note: string };
  readonly parts: ProposedParts;
  readonly local: {
    /** What plain processes cannot do; empty: they will do. */
    readonly needsDocker: readonly string[];
    readonly build: readonly (readonly string[])[];
  };
  /** What was found, for people. */
  readonly found: readonly string[];
  /** What was guessed and should be looked at, for people. */
  readonly checks: readonly string[];
}
