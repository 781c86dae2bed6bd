import { columnOf } from '../capabilities/index.js';
import type { Rule } from './rule.js';

/** The Temporal dev server is a container, so it needs the runtime that has some. */
export const localTemporal: Rule = (spec, { targets }) =>
  spec.clouds.local?.temporal !== undefined && targets.includes('local') && columnOf(spec, 'local') !== 'local-docker'
    ? [
        {
          code: 'not-supported',
          path: ['clouds', 'local', 'temporal'],
          at: 'key',
          message: 'local (process) does not support this: a Temporal dev server',
          fix: 'set clouds.local.runtime to docker, or remove it and run "temporal server start-dev" yourself',
        },
      ]
    : [];
