/** Everything the server takes from its environment, checked once. Throws an error that names the variable. */
export function readConfig(env = process.env) {
  return {
    databaseUrl: readDatabaseUrl(env),
    databasePoolSize: integer(env, 'DATABASE_POOL_SIZE', { fallback: 5, min: 1, max: 500 }),
    host: env.HOST || '0.0.0.0',
    port: integer(env, 'PORT', { fallback: 8000, min: 0, max: 65_535 }),
    agentName: env.AGENT_NAME || 'quickstart',
    tokenDelayMs: integer(env, 'TOKEN_DELAY_MS', { fallback: 20, min: 0, max: 2000 }),
    release: env.RELEASE_ID || null,
  };
}

/** The URL itself never appears in an error: it holds the password. */
export function readDatabaseUrl(env = process.env) {
  const url = env.DATABASE_URL;
  if (!url) throw new ConfigError('DATABASE_URL is not set: give it a postgresql:// URL');
  if (!/^postgres(ql)?:\/\//.test(url) || !URL.canParse(url)) {
    throw new ConfigError('DATABASE_URL is not a postgresql:// URL (is its password percent-encoded?)');
  }
  return url;
}

/** A wrong or missing environment variable. */
export class ConfigError extends Error {
  name = 'ConfigError';
}

function integer(env, name, { fallback, min, max }) {
  const text = env[name];
  if (text === undefined || text === '') return fallback;
  const value = Number(text);
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new ConfigError(`${name} must be a whole number from ${min} to ${max}, found "${text}"`);
}
