import type { AwsClients } from '../clients/aws-clients.js';
import { awsErrorName } from '../clients/aws-failure.js';
import type { AwsLogLine } from './log-tools.js';

/** Reads one log stream from its beginning, as far as it goes at the moment. */
export interface LogCursor {
  next(abortSignal: AbortSignal): Promise<readonly AwsLogLine[]>;
}

/** A stream that is not there yet is empty. */
export function logCursor(clients: AwsClients, group: string, stream: string): LogCursor {
  let token: string | undefined;
  return {
    async next(abortSignal) {
      const logs = await clients.logs();
      const lines: AwsLogLine[] = [];
      for (;;) {
        try {
          const page = await logs.getLogEvents(
            {
              logGroupName: group,
              logStreamName: stream,
              startFromHead: true,
              ...(token === undefined ? {} : { nextToken: token }),
            },
            { abortSignal },
          );
          lines.push(
            ...(page.events ?? []).map(({ timestamp = 0, message = '' }) => ({
              at: new Date(timestamp).toISOString(),
              stream,
              text: message.replace(/\n$/, ''),
            })),
          );
          const { nextForwardToken } = page;
          // At the end the same token comes back (API reference, GetLogEvents).
          if (nextForwardToken === token || nextForwardToken === undefined) return lines;
          token = nextForwardToken;
        } catch (error) {
          if (awsErrorName(error) === 'ResourceNotFoundException') return lines;
          throw error;
        }
      }
    },
  };
}
