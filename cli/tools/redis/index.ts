export { type RedisBinary, findRedisBinary, redisProgram } from './binary.js';
export { isRedisReady } from './ping.js';
export { type RedisOptions, startRedis } from './server-process.js';
