import { Client } from 'pg';
import { adminRole } from './names.js';

/** How to reach the server as its superuser. */
export interface AdminConnection {
  readonly port: number;
  readonly adminPassword: string;
}

/** Does something in a database as the superuser, over a connection of its own. */
export async function asAdmin<T>(
  connection: AdminConnection,
  database: string,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const client = new Client({
    host: '127.0.0.1',
    port: connection.port,
    user: adminRole,
    password: connection.adminPassword,
    database,
    ssl: false,
    connectionTimeoutMillis: 5000,
    application_name: 'agentctl',
  });
  // A server that goes down in the middle reports it here as well as in the query.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** The SQLSTATE of an error of the server; https://www.postgresql.org/docs/17/errcodes-appendix.html */
export function sqlState(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
