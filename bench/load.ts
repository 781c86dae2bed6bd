import { randomUUID } from 'node:crypto';
import { Agent, request as httpRequest } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { AgentctlError, isAgentctlError, messageOf } from '../cli/errors.js';

/** What to put on the quickstart agent, and for how long. */
export interface LoadOptions {
  /** Base URL of the agent, on loopback: the load is refused anywhere else. */
  readonly url: string;
  /** Closed-loop clients: each sends its next request when the last one is answered. */
  readonly clients: number;
  /** Long SSE chats held open beside them, each restarted when it ends. */
  readonly streams: number;
  /** After this long nothing new starts; open streams still run to their end. */
  readonly seconds: number;
  /** Ends the load early, like `seconds` passing; the report still comes. @default - only `seconds` ends it */
  readonly signal?: AbortSignal;
}

/** What came of it. `failed`, `cutStreams` and `lost` are zero after a rollout that nobody noticed. */
export interface LoadReport {
  /** Requests of the closed-loop clients. */
  readonly requests: number;
  /** Connection errors, statuses of 500 and above, and bodies that ended early; streams that never began included. */
  readonly failed: number;
  /** Long chats that began. */
  readonly streams: number;
  /** Long chats that began and ended without `event: done`. */
  readonly cutStreams: number;
  /** Acknowledged chats that the agent does not know at the end. */
  readonly lost: number;
  /** Median latency of the closed-loop clients' answered requests, in milliseconds. */
  readonly p50Ms: number;
  /** 99th percentile of the same. */
  readonly p99Ms: number;
  /** The first five reasons. */
  readonly failures: readonly string[];
}

type Answer =
  | { readonly kind: 'answered'; readonly status: number; readonly body: string }
  | { readonly kind: 'cut'; readonly status: number; readonly body: string; readonly reason: string }
  | { readonly kind: 'unreachable'; readonly reason: string };

type Chat =
  | { readonly kind: 'acknowledged'; readonly turns: number }
  | { readonly kind: 'failed'; readonly began: boolean; readonly reason: string };

interface Sender {
  readonly url: URL;
  readonly agent: Agent;
}

const zeroCounts = { requests: 0, failed: 0, streams: 0, cutStreams: 0, lost: 0 };

type Tally = typeof zeroCounts & {
  readonly latenciesMs: number[];
  readonly failures: string[];
  /** conversationId → messages it must have. */
  readonly acknowledged: Map<string, number>;
};

const doneEvent = z.object({ turns: z.number() });
const errorEvent = z.object({ code: z.string() });
const conversationBody = z.object({ messages: z.array(z.unknown()) });

const silenceLimitMs = 30_000;
const pauseAfterFailureMs = 100;
const turnsPerConversation = 5;
const checkersAtOnce = 10;
const checkAttempts = 10;
// About forty words come back, one each 50–200 ms: 2 to 8 seconds, so that streams begin and end all the time.
const longMessage = Array.from({ length: 25 }, (_, index) => `word${index + 1}`).join(' ');

/** Loads the agent, then reads back every conversation it acknowledged. Throws `Refused` for a URL off this machine. */
export async function runLoad(options: LoadOptions): Promise<LoadReport> {
  const url = loopbackUrl(options.url);
  const tally: Tally = { ...zeroCounts, latenciesMs: [], failures: [], acknowledged: new Map() };
  const runId = randomUUID().slice(0, 8);
  const agent = new Agent({ keepAlive: true });
  const sender = { url, agent };

  const timeout = AbortSignal.timeout(options.seconds * 1000);
  const ended = options.signal ? AbortSignal.any([timeout, options.signal]) : timeout;
  try {
    await Promise.all([
      ...repeat(options.clients, (index) => runClient(sender, tally, ended, `load-${runId}-c${index}`)),
      ...repeat(options.streams, (index) => runStreams(sender, tally, ended, `load-${runId}-s${index}`, index)),
    ]);
    await findLost(sender, tally);
  } finally {
    agent.destroy();
  }
  return reportOf(tally);
}

async function runClient(sender: Sender, tally: Tally, ended: AbortSignal, name: string): Promise<void> {
  for (let round = 0; !ended.aborted; round += 1) {
    const startedAt = performance.now();
    const failure =
      round % 2 === 0
        ? failureOf('GET /health', await send(sender, 'GET', '/health'))
        : await shortChat(sender, tally, name, round);
    tally.requests += 1;
    if (failure === undefined) {
      tally.latenciesMs.push(performance.now() - startedAt);
    } else {
      fail(tally, failure);
      await sleep(pauseAfterFailureMs);
    }
  }
}

async function shortChat(sender: Sender, tally: Tally, name: string, round: number): Promise<string | undefined> {
  const conversationId = `${name}-${Math.floor(round / 2 / turnsPerConversation)}`;
  const chat = await sendChat(sender, { conversationId, message: 'what is my name?', paceMs: 0 });
  if (chat.kind === 'failed') return `POST /chat: ${chat.reason}`;
  acknowledge(tally, conversationId, chat.turns);
  return undefined;
}

async function runStreams(
  sender: Sender,
  tally: Tally,
  ended: AbortSignal,
  name: string,
  index: number,
): Promise<void> {
  const paceMs = 50 + (index % 4) * 50;
  for (let round = 0; !ended.aborted; round += 1) {
    const conversationId = `${name}-${round}`;
    const chat = await sendChat(sender, { conversationId, message: longMessage, paceMs });
    if (chat.kind === 'acknowledged') {
      tally.streams += 1;
      acknowledge(tally, conversationId, chat.turns);
      continue;
    }
    if (chat.began) {
      tally.streams += 1;
      tally.cutStreams += 1;
      note(tally, `stream cut: ${chat.reason}`);
    } else {
      fail(tally, `stream never began: ${chat.reason}`);
    }
    await sleep(pauseAfterFailureMs);
  }
}

async function sendChat(
  sender: Sender,
  body: { readonly conversationId: string; readonly message: string; readonly paceMs: number },
): Promise<Chat> {
  const answer = await send(sender, 'POST', '/chat', JSON.stringify(body));
  if (answer.kind === 'unreachable') return { kind: 'failed', began: false, reason: answer.reason };
  if (answer.status !== 200) return { kind: 'failed', began: false, reason: `status ${answer.status}` };
  const done = dataOf(answer.body, 'done');
  if (done !== undefined) return { kind: 'acknowledged', turns: doneEvent.parse(done).turns };
  const error = dataOf(answer.body, 'error');
  if (error !== undefined)
    return { kind: 'failed', began: true, reason: `event: error (${errorEvent.parse(error).code})` };
  return { kind: 'failed', began: true, reason: answer.kind === 'cut' ? answer.reason : 'no event: done' };
}

/** The data of the first complete event of this name in an SSE body. */
function dataOf(body: string, event: string): unknown {
  const data = new RegExp(`^event: ${event}\\ndata: (.+)\\n\\n`, 'm').exec(body)?.[1];
  return data === undefined ? undefined : JSON.parse(data);
}

/** Every acknowledged turn is two messages; the conversation must have at least that many. */
async function findLost(sender: Sender, tally: Tally): Promise<void> {
  const waiting = [...tally.acknowledged];
  async function checkNext(): Promise<void> {
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const [conversationId, expected] = next;
      const found = await countMessages(sender, conversationId);
      if (found >= expected) continue;
      tally.lost += Math.ceil((expected - found) / 2);
      note(tally, `lost: ${conversationId} has ${found} of ${expected} messages`);
    }
  }
  await Promise.all(repeat(checkersAtOnce, checkNext));
}

/** Asks again while there is no answer: a server that is away now has not lost anything yet. */
async function countMessages(sender: Sender, conversationId: string): Promise<number> {
  for (let attempt = 1; attempt <= checkAttempts; attempt += 1) {
    const answer = await send(sender, 'GET', `/conversations/${conversationId}`);
    if (answer.kind === 'answered' && answer.status === 404) return 0;
    if (answer.kind === 'answered' && answer.status === 200) {
      return conversationBody.parse(JSON.parse(answer.body)).messages.length;
    }
    await sleep(pauseAfterFailureMs);
  }
  return 0;
}

function send({ url, agent }: Sender, method: string, path: string, body?: string): Promise<Answer> {
  return new Promise((resolve) => {
    const request = httpRequest(new URL(path, url), { method, agent, timeout: silenceLimitMs });
    request.on('timeout', () => request.destroy(new Error(`no data for ${silenceLimitMs / 1000} s`)));
    request.on('error', (error) => resolve({ kind: 'unreachable', reason: reasonOf(error) }));
    request.on('response', (response) => {
      const status = response.statusCode ?? 0;
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => (text += part));
      response.on('error', (error) => resolve({ kind: 'cut', status, body: text, reason: reasonOf(error) }));
      response.on('end', () => resolve({ kind: 'answered', status, body: text }));
    });
    // A body given to end() at once gets its content-length from node.
    request.end(body);
  });
}

function failureOf(what: string, answer: Answer): string | undefined {
  if (answer.kind !== 'answered') return `${what}: ${answer.reason}`;
  return answer.status >= 500 ? `${what}: status ${answer.status} ${answer.body.slice(0, 80).trim()}` : undefined;
}

function reasonOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : messageOf(error);
}

function acknowledge(tally: Tally, conversationId: string, turns: number): void {
  tally.acknowledged.set(conversationId, Math.max(turns * 2, tally.acknowledged.get(conversationId) ?? 0));
}

function fail(tally: Tally, reason: string): void {
  tally.failed += 1;
  note(tally, reason);
}

function note(tally: Tally, reason: string): void {
  if (tally.failures.length < 5) tally.failures.push(reason);
}

function reportOf({ requests, failed, streams, cutStreams, lost, latenciesMs, failures }: Tally): LoadReport {
  const sorted = latenciesMs.toSorted((left, right) => left - right);
  const [p50Ms, p99Ms] = [percentile(sorted, 0.5), percentile(sorted, 0.99)];
  return { requests, failed, streams, cutStreams, lost, p50Ms, p99Ms, failures };
}

function percentile(sorted: readonly number[], share: number): number {
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return Math.round(value * 10) / 10;
}

function repeat<T>(count: number, make: (index: number) => T): readonly T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

function loopbackUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname)) return url;
  throw new AgentctlError('Refused', `the load goes to this machine only, not to "${text}"`, {
    fix: 'Give --url an http:// address on 127.0.0.1, localhost or [::1].',
  });
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      url: { type: 'string', default: 'http://127.0.0.1:8000' },
      clients: { type: 'string', default: '50' },
      streams: { type: 'string', default: '10' },
      seconds: { type: 'string', default: '20' },
    },
  });
  const report = await runLoad({
    url: values.url,
    clients: numberOf('clients', values.clients),
    streams: numberOf('streams', values.streams),
    seconds: numberOf('seconds', values.seconds),
  });
  process.stdout.write(`${JSON.stringify(report)}\n`);
  if (report.failed + report.cutStreams + report.lost > 0) process.exitCode = 1;
}

function numberOf(flag: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0) return value;
  throw new AgentctlError('UsageInvalid', `--${flag} is not a whole number: "${text}"`, {
    fix: `Give --${flag} a whole number.`,
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await main();
  } catch (error) {
    process.stderr.write(`load: ${messageOf(error)}\n${isAgentctlError(error) ? `${error.fix}\n` : ''}`);
    process.exitCode = 2;
  }
}
