/** What {@link dumpCommand} has to know. */
export interface DumpCommandOptions {
  /** Name of the bucket. */
  readonly bucket: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  /** How large a dump can get, so that an upload of unknown length is cut into few enough parts. */
  readonly largestGiB: number;
  /**
   * Where how it ended is written to; it has to be writable.
   *
   * @default '/tmp'
   */
  readonly directory?: string;
}

/**
 * An image with `sh`, `pg_dump` of this major version, and `aws`: what {@link dumpCommand} needs. The fork that Siemens
 * keeps of eeshugerman/postgres-backup-s3 is rebuilt for each version of PostgreSQL; nothing of it but these is used.
 */
export function dumpImage(version: number): string {
  return `siemens/postgres-backup-s3:${version}`;
}

/** The variable that the password has to be in, as a secret of the container. */
export const dumpPasswordVariable = 'PGPASSWORD';

/** Where dumps of a database are in the bucket. */
export function dumpPrefix(database: string): string {
  return `dumps/${database}/`;
}

/** Where one dump is: `dumps/app/20261128T040000Z.dump`. */
export function dumpKey(database: string, time: string): string {
  return `${dumpPrefix(database)}${time}.dump`;
}

/**
 * Pure: the command of a container that dumps a database to S3, in PostgreSQL’s own format for `pg_restore`. The dump goes
 * straight to S3, so that it needs no disk. A shell says of a pipe only how its last command ended, so what pg_dump says is
 * written down, and a dump that broke off is removed.
 */
export function dumpCommand(options: DumpCommandOptions): string[] {
  const { bucket, host, port, user, database, largestGiB, directory = '/tmp' } = options;
  const connection = `host=${host} port=${port} user=${user} dbname=${database} sslmode=require`;
  const script = [
    'set -eu',
    `target="s3://${bucket}/${dumpKey(database, '$(date -u +%Y%m%dT%H%M%SZ)')}"`,
    `{ pg_dump --format=custom --no-password --dbname="${connection}" && echo 0 > ${directory}/dumped || echo 1 > ${directory}/dumped; } |`,
    `  aws s3 cp --only-show-errors --expected-size ${largestGiB * 1_073_741_824} - "$target"`,
    `if [ "$(cat ${directory}/dumped)" != 0 ]; then`,
    '  aws s3 rm --only-show-errors "$target"',
    '  exit 1',
    'fi',
    'echo "dumped to $target"',
    '',
  ].join('\n');
  return ['sh', '-c', script];
}
