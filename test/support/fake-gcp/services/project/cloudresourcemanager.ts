import type { FakeService } from '../../fake-service.js';
import { GoogleError } from '../../google-error.js';
import { iamState, policyOf, setPolicy } from '../iam/iam-state.js';

/** Resource Manager v1: the one project there is, and its policy. */
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
    {
      method: 'POST',
      path: '/v1/projects/{project}:getIamPolicy',
      name: 'projects.getIamPolicy',
      handle: () => policyOf(world.state(iamState), 'project'),
    },
    {
      method: 'POST',
      path: '/v1/projects/{project}:setIamPolicy',
      name: 'projects.setIamPolicy',
      handle: ({ body }) => setPolicy(world.state(iamState), 'project', body as Parameters<typeof setPolicy>[2]),
    },
  ],
};
