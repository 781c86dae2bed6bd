/** Every code a {@link SpecProblem} can carry, with what it means. Codes are stable: scripts may match them. */
export const problemCodes = {
  'unknown-key': 'A key that does not exist at this place.',
  'missing-key': 'A key that is required here is absent.',
  'empty-value': 'A key without a value.',
  'wrong-type': 'A value of the wrong kind: a text where a list is needed, a number where a text is needed.',
  'not-allowed': 'A value that is not one of the allowed words.',
  'bad-value': 'A value outside its range, or in a form that cannot be read.',
  'bad-name':
    'A name of a service, schedule, stage or variable that is too long or has characters that cannot be used.',
  'duplicate-name': 'Two things with the same name.',
  'reserved-name': 'A name that the platform sets or needs itself.',
  'declared-twice': 'The same name in `env` and in `secrets`.',
  'secret-in-file': 'A value that looks like a secret. It is never printed.',
  'unknown-reference': 'A `${…}` that does not exist, or is not available at this place.',
  'missing-section': 'Something refers to a section (postgres, search, cache, queue) that the spec does not have.',
  'undeclared-secret': 'A `${secrets.NAME}` whose name is not in `secrets`, or a secret that a setting needs.',
  'scale-range': '`scale.min`, `scale.max` and the signals contradict each other.',
  'connection-budget': 'More database connections than the database or its pooler accepts.',
  'bad-path': 'A health check or route that is not a plain path beginning with `/`.',
  'bad-cron': 'A cron expression that cannot be read, or never comes true.',
  'bad-host-name': 'A domain that is not a plain host name.',
  'unknown-region': 'A region the cloud does not have.',
  'wrong-region': 'Something that lies in another region than the deploy.',
  'open-cors': 'Any origin may call the agent in production.',
  'size-not-offered': 'A pair of CPU and memory that the target does not offer.',
  'duplicate-route': 'Two services answer the same path.',
  'needs-port': 'A setting that has a meaning only for a service with a port.',
  'missing-readiness': 'A service with a port but without a readiness path.',
  'image-not-pinned': 'An image without a digest.',
  'shell-in-command': 'A command written for a shell, where none reads it.',
  'unknown-service': 'A setting for a service that does not exist.',
  'overlay-not-allowed': 'A stage overlay that sets something that belongs to the whole file.',
  'not-supported': 'A setting that a target of this spec cannot honour.',
} as const;

/** The kind of a {@link SpecProblem}. */
export type SpecProblemCode = keyof typeof problemCodes;
