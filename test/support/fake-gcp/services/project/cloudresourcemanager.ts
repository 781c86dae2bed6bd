import type { FakeService } from '../../fake-service.js';
import { GoogleError } from '../../google-error.js';

/** Resource Manager v1: the one project there is. */
export const cloudresourcemanager: FakeService = {
  name: 'cloudresourcemanager',
  routes: (world) => [
    {
      method: 'GET',
      path: '/v1/projects/{project}',
      name: 'projects.get',
      handle: ({ path }) => {
        if (![world.project, world.projectNumber].includes(path['project'] ?? '')) {
          const message = `The caller does not have permission`;
          throw new GoogleError('PERMISSION_DENIED', message);
        }
        return {
          projectId: world.project,
          projectNumber: world.projectNumber,
          name: world.project,
          lifecycleState: 'ACTIVE',
          createTime: '2026-01-01T00:00:00.000Z',
        };
      },
    },
  ],
};
