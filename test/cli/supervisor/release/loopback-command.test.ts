import { expect, test } from 'vitest';
import { loopbackCommand } from '../../../../cli/supervisor/release/loopback-command.js';

const ports = { declared: 8000, given: 21234 };

test.each([
  ['8000', '21234'],
  ['0.0.0.0:8000', '127.0.0.1:21234'],
  ['--bind=0.0.0.0:8000', '--bind=127.0.0.1:21234'],
  ['--port=8000', '--port=21234'],
  ['127.0.0.1:8000', '127.0.0.1:21234'],
  [':8000', ':21234'],
  ['0.0.0.0', '127.0.0.1'],
  ['--host=0.0.0.0', '--host=127.0.0.1'],
  ['http://0.0.0.0:9000/x', 'http://127.0.0.1:9000/x'],
])('%s becomes %s', (item, expected) => {
  expect(loopbackCommand([item], ports)).toEqual([expected]);
});

test.each([
  '18000',
  '80000',
  '--max=8000x',
  '-p8000',
  'a8000',
  '8000/tcp',
  '10.0.0.0',
  '0.0.0.0.1',
  '1.0.0.0.0',
  'main:app',
])('%s stays as it is', (item) => {
  expect(loopbackCommand([item], ports)).toEqual([item]);
});

test('a worker has no port to replace', () => {
  expect(loopbackCommand(['worker', '8000', '0.0.0.0'], undefined)).toEqual(['worker', '8000', '127.0.0.1']);
});
