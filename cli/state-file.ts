import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { AgentctlError, hasSystemCode, isAgentctlError, messageOf } from './errors.js';
import { quotedForShell } from './quoted-for-shell.js';

/** One kind of file that agentctl writes and reads back: what it is called, its shape, and what to do when it is damaged. */
export interface StateFormat<S extends z.ZodType> {
  /** As messages name it: `release record`. */
  readonly name: string;
  readonly schema: S;
  /** The field that holds the version. */
  readonly versionField: string;
  /** The version this agentctl writes; it reads no other. */
  readonly version: number;
  /** What to do about a damaged one, as an instruction. */
  readonly fix: (file: string) => string;
  /** Whether its content may be described. @default true */
  readonly quotable?: boolean;
}

/** Why a file cannot be used. `newer`: a later agentctl wrote it, and nothing is wrong with it. */
export type Damage = 'unreadable' | 'empty' | 'not-json' | 'older' | 'newer' | 'other-shape';

/**
 * Reads a file of one kind; undefined when there is none.
 *
 * @throws StateUnreadable naming the file, why, and what to do; nothing is ever overwritten
 */
export async function readState<S extends z.ZodType>(
  format: StateFormat<S>,
  file: string,
): Promise<z.output<S> | undefined> {
  try {
    return decodeState(format, file, await readFile(file));
  } catch (error) {
    return absentOr(format, file, error);
  }
}

/** {@link readState} without waiting. */
export function readStateSync<S extends z.ZodType>(format: StateFormat<S>, file: string): z.output<S> | undefined {
  try {
    return decodeState(format, file, readFileSync(file));
  } catch (error) {
    return absentOr(format, file, error);
  }
}

/**
 * Pure: what the bytes of a file say. `place`: the file, for messages; with a line number where there are several.
 *
 * @throws StateUnreadable
 */
export function decodeState<S extends z.ZodType>(
  format: StateFormat<S>,
  place: string,
  bytes: Uint8Array,
): z.output<S> {
  const { name, schema, versionField, version } = format;
  if (bytes.length === 0) throw damaged(format, place, 'empty', 'it is empty');
  const value = parseJson(bytes);
  if (value === undefined) throw damaged(format, place, 'not-json', 'it is cut short or was changed: not JSON');
  const found = versionIn(value, versionField);
  if (found !== undefined && found > version) {
    throw new AgentctlError(
      'StateUnreadable',
      `the ${name} ${place} was written by a newer agentctl (version ${found}, this one reads ${version})`,
      { fix: 'update agentctl', data: { file: place, damage: 'newer' satisfies Damage } },
    );
  }
  if (found !== undefined && found < version) {
    throw damaged(format, place, 'older', `it is of version ${found}, and this agentctl reads ${version}`);
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    throw damaged(format, place, 'other-shape', 'it does not hold what it should', z.prettifyError(parsed.error));
  }
  return parsed.data;
}

/** The damage an error of {@link readState} is about. */
export function damageOf(error: AgentctlError): Damage {
  const damage = error.data?.['damage'];
  return allDamage.find((known) => known === damage) ?? 'unreadable';
}

const allDamage: readonly Damage[] = ['unreadable', 'empty', 'not-json', 'older', 'newer', 'other-shape'];

function absentOr<S extends z.ZodType>(format: StateFormat<S>, file: string, error: unknown): undefined {
  if (hasSystemCode(error, 'ENOENT')) return undefined;
  throw isAgentctlError(error) ? error : stateUnusable(format, file, error);
}

/** Pure: a file whose content the operating system does not give out, as an error. */
export function stateUnusable<S extends z.ZodType>(
  { name }: StateFormat<S>,
  file: string,
  cause: unknown,
): AgentctlError {
  const [why, fix] = hasSystemCode(cause, 'EISDIR')
    ? ['a directory is in its place', `move the directory ${file} away`]
    : hasSystemCode(cause, 'EACCES') || hasSystemCode(cause, 'EPERM')
      ? ['it may not be read', `give yourself access to it: chmod u+rw ${quotedForShell(file)}`]
      : [messageOf(cause), 'correct what the operating system reports'];
  const data = { file, damage: 'unreadable' satisfies Damage };
  return new AgentctlError('StateUnreadable', `cannot read the ${name} ${file}: ${why}`, { fix, data, cause });
}

/** Without a cause: the parser's own message would quote the content, which may be secret. */
function damaged<S extends z.ZodType>(
  { name, fix, quotable = true }: StateFormat<S>,
  place: string,
  damage: Damage,
  why: string,
  detail?: string,
): AgentctlError {
  return new AgentctlError('StateUnreadable', `cannot read the ${name} ${place}: ${why}`, {
    fix: fix(place),
    data: { file: place, damage },
    ...(quotable && detail !== undefined ? { detail } : {}),
  });
}

/** Undefined for anything that is not JSON, and for text that was cut within a character. */
function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

function versionIn(value: unknown, field: string): number | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const version: unknown = Object.entries(value).find(([name]) => name === field)?.[1];
  return typeof version === 'number' ? version : undefined;
}

/**
 * Replaces a file (0600) with a text: on the disk when this returns, and never half of it. A write that a full disk cuts
 * short is not an error to every library; here it is, and the file stays as it was. The draft has the form of a name that
 * {@link removeDrafts} knows.
 */
export function writeStateSync(file: string, text: string): void {
  const draft = `${file}.${process.pid}${process.hrtime.bigint()}`;
  try {
    const descriptor = openSync(draft, 'wx', 0o600);
    try {
      writeFileSync(descriptor, text);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}
