import { expect, test } from 'vitest';
import { createRouteTable, originForm, pathOfTarget, routeOf } from '../../../../cli/supervisor/gateway/route-table.js';

const table = createRouteTable([
  { name: 'front', routes: [{ path: '/' }] },
  { name: 'api', routes: [{ path: '/api' }, { path: '/v1/' }] },
  { name: 'admin', routes: [{ path: '/api/admin' }] },
]);

test.each([
  ['/', 'front'],
  ['/anything', 'front'],
  ['/api', 'api'],
  ['/api/', 'api'],
  ['/api/x', 'api'],
  ['/apix', 'front'],
  ['/v1', 'api'],
  ['/v1/chat', 'api'],
  ['/v10', 'front'],
  ['/api/admin', 'admin'],
  ['/api/admin/x', 'admin'],
  ['/api/administrators', 'api'],
])('%s leads to %s', (path, service) => {
  expect(routeOf(table, path)).toBe(service);
});

test('without a route for everything a path may lead nowhere', () => {
  expect(routeOf(createRouteTable([{ name: 'api', routes: [{ path: '/api' }] }]), '/other')).toBeUndefined();
});

test.each([
  ['/a?b=/c', '/a?b=/c', '/a'],
  ['http://host:80/a/b?c', '/a/b?c', '/a/b'],
  ['http://host', '/', '/'],
  ['http://host?c', '/?c', '/'],
  ['*', '/', '/'],
  ['/a#b', '/a#b', '/a'],
])('the request target %s is asked for as %s', (target, origin, path) => {
  expect(originForm(target)).toBe(origin);
  expect(pathOfTarget(target)).toBe(path);
});
