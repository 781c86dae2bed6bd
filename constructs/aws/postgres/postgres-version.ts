/** Major versions of PostgreSQL that RDS offers and PostgreSQL still maintains. */
export type PostgresVersion = 14 | 15 | 16 | 17 | 18;

/**
 * The newest minor versions that aws-cdk-lib 2.276 knows (`PostgresEngineVersion`). New instances start with them; RDS
 * moves on from there on its own, and CloudFormation leaves alone what the template does not change.
 */
const minors: Readonly<Record<PostgresVersion, number>> = { 14: 22, 15: 17, 16: 13, 17: 9, 18: 3 };

/** The full version of a major one: `17.9`. */
export function newestMinor(version: PostgresVersion): string {
  return `${version}.${minors[version]}`;
}
