import type { ReadDockerfile } from './read-dockerfile.js';

/** Something in a Dockerfile that will hurt in production. */
export interface DockerfileFinding {
  readonly rule: 'root-user' | 'moving-base' | 'shell-form' | 'baked-secret';
  /** From 1. */
  readonly line: number;
  /** Lowercase start, no full stop; never a secret. */
  readonly message: string;
  /** An instruction. */
  readonly fix: string;
}

/** One check of a Dockerfile. Every rule runs and reports all it finds. */
export type DockerfileRule = (file: ReadDockerfile) => readonly DockerfileFinding[];
