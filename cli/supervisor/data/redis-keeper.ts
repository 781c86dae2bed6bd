import { setTimeout as sleep } from 'node:timers/promises';
import { AgentctlError } from '../../errors.js';
import { type RunningProcess } from '../../tools/process/index.js';
import { findRedisBinary, isRedisReady, startRedis } from '../../tools/redis/index.js';
import { KeptProcess } from './kept-process.js';
import type { RedisStatus } from '../protocol.js';
import { ensureGenerated } from '../secret-store.js';
import { type SupervisorContext, trackProcess } from '../supervisor-context.js';

/** Loading a large append-only file takes a while. */
const readyWithinSeconds = 30;
/** Redis writes its files before it ends. */
const stopGraceSeconds = 10;

/** Keeps the Redis server of one stage running. Calls must not overlap. */
export class RedisKeeper {
  readonly #context: SupervisorContext;
  #server: KeptProcess | undefined;
  #version = 'unknown';

  constructor(context: SupervisorContext) {
    this.#context = context;
  }

  /**
   * Starts the server unless it runs.
   *
   * @throws AgentctlError ToolMissing: no Redis on PATH; EnvironmentNotReady: it does not start
   */
  async ensure(): Promise<RedisStatus> {
    const { store, ports } = this.#context;
    if (this.#server?.state !== 'running') {
      await this.stop();
      await findRedisBinary(this.#context.passedEnvironment['PATH']);
      const port = store.current.redis?.port ?? (await ports.allocate());
      ports.hold(port);
      store.update({ redis: { port } });
      this.#server = this.#keep();
      await this.#server.start();
    }
    const status = this.status();
    if (status !== null) return status;
    throw new AgentctlError('Bug', 'Redis runs but was not recorded', { fix: 'Report this.' });
  }

  /** Starts what ran in an earlier life. Throws what the first attempt threw, and goes on trying. */
  async resume(): Promise<void> {
    const desired = this.#context.store.current.redis;
    if (desired === null) return;
    this.#context.ports.hold(desired.port);
    this.#server = this.#keep();
    await this.#server.start();
  }

  status(): RedisStatus | null {
    const desired = this.#context.store.current.redis;
    if (desired === null) return null;
    return {
      host: '127.0.0.1',
      port: desired.port,
      version: this.#version,
      state: this.#server?.state ?? 'down',
      restarts: this.#server?.restarts ?? 0,
    };
  }

  async stop(): Promise<void> {
    await this.#server?.stop();
    this.#server = undefined;
  }

  #keep(): KeptProcess {
    return new KeptProcess({
      name: 'redis',
      start: () => this.#start(),
      stop: (server) => server.stop({ graceSeconds: stopGraceSeconds }),
      note: this.#context.note,
    });
  }

  async #start(): Promise<RunningProcess> {
    const { layout, logs, passedEnvironment, store } = this.#context;
    const port = store.current.redis?.port ?? 0;
    const { generated } = ensureGenerated(layout.directory, ['redis.password']);
    const password = generated['redis.password'] ?? '';
    logs.mask([password]);
    const binary = await findRedisBinary(passedEnvironment['PATH']);
    this.#version = binary.version;
    const log = logs.open({ service: 'redis', replica: 'redis', release: '-' });
    const server = await startRedis({
      binary,
      directory: layout.redisDirectory,
      port,
      password,
      onOutput: (stream, chunk) => log.write(stream, chunk),
    });
    trackProcess(this.#context, 'redis', server);
    void server.ended.then(() => log.end());
    if (await isReadyInTime(server, port, password)) return server;
    await server.stop({ graceSeconds: stopGraceSeconds });
    throw new AgentctlError('EnvironmentNotReady', `Redis did not answer within ${readyWithinSeconds} s`, {
      fix: 'Read logs/redis/redis.log in the state directory.',
      detail: log.tail().slice(-10).join('\n'),
    });
  }
}

async function isReadyInTime(server: RunningProcess, port: number, password: string): Promise<boolean> {
  let hasEnded = false;
  void server.ended.then(() => (hasEnded = true));
  const deadline = performance.now() + readyWithinSeconds * 1000;
  while (performance.now() < deadline) {
    if (await isRedisReady(port, password)) return true;
    if (hasEnded) return false;
    await sleep(50);
  }
  return false;
}
