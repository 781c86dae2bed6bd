import type { FakeService } from '../../fake-service.js';
import { logFilter } from './log-filter.js';
import { logStore } from './log-store.js';

/** Cloud Logging v2: what containers have printed. */
export const logging: FakeService = {
  name: 'logging',
  routes: (world) => [
    {
      method: 'POST',
      path: '/v2/entries:list',
      name: 'entries.list',
      handle: ({ body }) => {
        const {
          filter = '',
          orderBy = 'timestamp asc',
          pageSize = 1000,
          pageToken = '0',
        } = body as {
          filter?: string;
          orderBy?: string;
          pageSize?: number;
          pageToken?: string;
        };
        const found = world.state(logStore).entries.filter(logFilter(filter));
        if (/desc/.test(orderBy)) found.reverse();
        const [from, to] = [Number(pageToken), Number(pageToken) + pageSize];
        return { entries: found.slice(from, to), ...(to < found.length ? { nextPageToken: String(to) } : {}) };
      },
    },
  ],
};
