import type { DockerfileRule } from '../finding.js';

/** A base image is named by a version: `latest` is another image tomorrow, and the build of an old commit another program. */
export const movingBase: DockerfileRule = ({ stages }) =>
  stages.flatMap(({ base, line, parent }) => {
    if (parent !== undefined || base === 'scratch' || base === '' || /[@$]/.test(base)) return [];
    const tag = /:([^/:]+)$/.exec(base)?.[1];
    if (tag !== undefined && tag !== 'latest') return [];
    const name = base.replace(/:latest$/, '');
    const message = `${base} ${tag === undefined ? 'has no tag, so it' : ''} is another image tomorrow`.replace(
      '  ',
      ' ',
    );
    return [{ rule: 'moving-base', line, message, fix: `name a version, such as ${name}:<version>, or a digest` }];
  });
