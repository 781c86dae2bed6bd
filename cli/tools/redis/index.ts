export { type RedisBinary, findRedisBinary } from './binary.js';
export { isRedisReady } from './ping.js';
export { type RedisOptions, startRedis } from './server-process.js';
