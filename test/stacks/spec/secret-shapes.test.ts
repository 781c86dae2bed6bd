import { describe, expect, test } from 'vitest';
import { looksLikeSecret, secretsMasked } from '../../../stacks/spec/secret-shapes.js';

describe('looksLikeSecret', () => {
  test.each([
    ['KEY', 'sk-proj-Zm9vYmFyYmF6cXV4'],
    ['X', 'ghp_0123456789abcdefghij'],
    ['X', 'AKIAIOSFODNN7EXAMPLE'],
    ['X', 'xoxb-123456789012-abcdef'],
    ['X', '-----BEGIN RSA PRIVATE KEY-----\nMIIE'],
    ['X', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.abc'],
    ['X', 'lsv2_pt_0123456789abcdef0123456789abcdef_01'],
    ['DATABASE_URL', 'postgresql+asyncpg://user:pass@host:5432/db?ssl=require'],
    ['X', 'redis://:pa55word@cache:6379/0'],
    ['DB_PASSWORD', 'changeme'],
    ['JWT_SECRET_KEY', 'your-256-bit-secret'],
    ['ENCRYPTION_KEY', 'b64:AAAAAAAAAAAAAAAA'],
    ['TOKEN_SIGNER', 'a8f5f167f44f4964e6c998dee827110c'],
  ])('%s: %s', (name, value) => {
    expect(looksLikeSecret(name, value)).toBe(true);
  });

  test.each([
    ['AGENT_SKIP_DB_SETUP', 'true'],
    ['JWT_ACCESS_TOKEN_EXPIRE_MINUTES', '30'],
    ['ACCESS_TOKEN_TTL', '15m'],
    ['TOKEN_URL', 'https://login.example.com/oauth/token'],
    ['PASSWORD_POLICY', 'strict'],
    ['REQUIRE_PASSWORD', 'false'],
    ['API_KEY', ''],
    ['SECRET_KEY', '${secrets.SECRET_KEY}'],
    ['DATABASE_URL', 'postgresql://${postgres.user}:${postgres.password}@${postgres.host}/app'],
    ['DATABASE_SSL_KEY', '/certs/client-key.pem'],
    ['TOKENIZER', 'cl100k_base'],
    ['MAX_TOKENS', '4096'],
    ['ENVIRONMENT', 'production'],
    ['CORS_ORIGINS', '["https://app.example.com"]'],
    ['JWT_ALGORITHM', 'HS256'],
    ['TEMPORAL_ADDRESS', 'ns.a2dd6.tmprl.cloud:7233'],
    ['OPENAI_BASE_URL', 'https://api.openai.com/v1'],
    ['SECRET_NAME', 'prod/agent/postgresql'],
    ['MODEL', 'gpt-4o-2024-08-06'],
  ])('not %s: %s', (name, value) => {
    expect(looksLikeSecret(name, value)).toBe(false);
  });
});

describe('secretsMasked', () => {
  test.each([
    ['a sk-proj-CANARY1234567890 b', 'a ••• b'],
    ['postgres://user:CANARY@host/db', 'postgres://user:•••@host/db'],
    ['postgres://${postgres.user}:${postgres.password}@host', 'postgres://${postgres.user}:${postgres.password}@host'],
    ['nothing here', 'nothing here'],
  ])('%s', (text, masked) => {
    expect(secretsMasked(text, '•••')).toBe(masked);
  });
});
