import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';

/** PostgreSQL's own default, `scram_iterations`. */
const iterations = 4096;
const saltBytes = 16;

/**
 * What PostgreSQL stores for a password. Sending this in `ALTER ROLE` keeps the password itself out of statements, and so
 * out of the server log. See RFC 5802 §3 and "pg_authid" in the PostgreSQL manual.
 */
export function scramVerifier(password: string, salt: Buffer = randomBytes(saltBytes)): string {
  const salted = pbkdf2Sync(password.normalize('NFKC'), salt, iterations, 32, 'sha256');
  const clientKey = createHmac('sha256', salted).update('Client Key').digest();
  const storedKey = createHash('sha256').update(clientKey).digest('base64');
  const serverKey = createHmac('sha256', salted).update('Server Key').digest('base64');
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
}
