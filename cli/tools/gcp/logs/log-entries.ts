import * as z from 'zod';
import type { GcpLogLine } from './log-tools.js';

/** `LogEntry` of Cloud Logging, as far as a line is made of it. */
export const logEntry = z.object({
  insertId: z.string().default(''),
  timestamp: z.string(),
  logName: z.string().default(''),
  textPayload: z.string().optional(),
  jsonPayload: z.record(z.string(), z.unknown()).optional(),
  labels: z.record(z.string(), z.string()).default({}),
  resource: z.object({ labels: z.record(z.string(), z.string()).default({}) }).prefault({}),
});
/** One entry. */
export type LogEntry = z.output<typeof logEntry>;

/** Pure: an entry as a line; a container that prints JSON has it shown as it was printed. */
export function lineOf({ timestamp, logName, textPayload, jsonPayload, labels, resource }: LogEntry): GcpLogLine {
  return {
    at: new Date(timestamp).toISOString(),
    source: labels['run.googleapis.com/execution_name'] ?? resource.labels['revision_name'] ?? '',
    stream: logName.endsWith('stderr') ? 'err' : 'out',
    text: (textPayload ?? (jsonPayload === undefined ? '' : JSON.stringify(jsonPayload))).replace(/\n$/, ''),
  };
}

/** Pure: entries of one moment come in any order; their ids keep it. */
export function inOrder(entries: readonly LogEntry[]): readonly LogEntry[] {
  return entries.toSorted((a, b) => compare(a.timestamp, b.timestamp) || compare(a.insertId, b.insertId));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
