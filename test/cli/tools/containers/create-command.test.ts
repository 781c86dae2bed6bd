import { expect, test } from 'vitest';
import type { ContainerSpec } from '../../../../cli/tools/containers/container-spec.js';
import { createCommand } from '../../../../cli/tools/containers/create-command.js';

const words = (text: string): readonly string[] => text.split(' ');

const bare: ContainerSpec = {
  name: 'agentctl-1-queue',
  image: 'valkey/valkey:8',
  command: [],
  env: {},
  labels: {},
  network: 'agentctl-1',
  aliases: [],
  publish: [],
  volumes: {},
  stdin: false,
};

test('a container of an image takes a name, a network, and its environment from standard input', () => {
  expect(createCommand(bare)).toEqual({
    args: [
      ...words('create --name agentctl-1-queue --init --no-healthcheck --network agentctl-1'),
      ...words('--env-file /dev/stdin valkey/valkey:8'),
    ],
    input: '',
    extra: {},
  });
});

test('no value of the environment is among the arguments, whatever it looks like', () => {
  const env = { TOKEN: 'canary-1 = "x"', KEY: 'canary-2\nsecond line', EMPTY: '' };
  const { args, input, extra } = createCommand({ ...bare, env });

  expect(args.join(' ')).not.toContain('canary');
  expect(input).toBe('TOKEN=canary-1 = "x"\nEMPTY=\n');
  expect(extra).toEqual({ KEY: 'canary-2\nsecond line' });
  expect(args).toContain('KEY');
});

test('ports are published on this machine alone', () => {
  const { args } = createCommand({ ...bare, publish: [{ hostPort: 20_001, containerPort: 8000 }] });

  expect(args).toContain('127.0.0.1:20001:8000');
});

test('a confined container loses every capability but those it is given, and writes only where it may', () => {
  const confinement = { readOnly: true, tmpfs: ['/tmp', '/run'], capAdd: ['SETUID'], user: '10001:10001' };
  const { args } = createCommand({ ...bare, confinement, limits: { cpus: 0.5, memoryMiB: 512 } });

  expect(args.slice(7, -3)).toEqual([
    ...words('--cpus 0.5 --memory 512m'),
    ...words('--cap-drop ALL --security-opt no-new-privileges --cap-add SETUID --read-only'),
    ...words('--tmpfs /tmp:rw,nosuid,nodev,mode=1777 --tmpfs /run:rw,nosuid,nodev,mode=1777'),
    ...words('--user 10001:10001'),
  ]);
});

test('an entrypoint of several words is one program, and arguments before those of the command', () => {
  const { args } = createCommand({ ...bare, entrypoint: ['sh', '-c', 'exec "$0"'], command: ['pgbouncer'] });

  expect(args.slice(args.indexOf('--entrypoint'))).toEqual([
    ...words('--entrypoint sh --env-file /dev/stdin valkey/valkey:8 -c'),
    'exec "$0"',
    'pgbouncer',
  ]);
});

test('volumes, aliases, labels, shared memory and input', () => {
  const { args } = createCommand({
    ...bare,
    aliases: ['queue'],
    hostname: 'queue',
    labels: { 'dev.agentctl.stage': 'abc' },
    volumes: { '/data': 'agentctl-1-queue' },
    sharedMemoryMiB: 256,
    stdin: true,
  });

  expect(args.slice(7, -3)).toEqual([
    ...words('--network-alias queue --label dev.agentctl.stage=abc --hostname queue'),
    ...words('--volume agentctl-1-queue:/data --shm-size 256m --interactive'),
  ]);
});
