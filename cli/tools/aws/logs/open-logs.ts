import type { AwsClients } from '../clients/aws-clients.js';
import { awsErrorName } from '../clients/aws-failure.js';
import type { LogTools } from './log-tools.js';
import { readLog } from './read-log.js';

/** Streams that are asked for at once; API reference, DescribeLogStreams. */
const mostStreams = 50;

/** Opens {@link LogTools}. */
export function openLogs(clients: AwsClients, pollSeconds: number): LogTools {
  return {
    lines: (options) => readLog(clients, options, pollSeconds),
    async streams(group, prefix, abortSignal) {
      const logs = await clients.logs();
      try {
        const { logStreams = [] } = await logs.describeLogStreams(
          { logGroupName: group, logStreamNamePrefix: prefix, limit: mostStreams },
          { abortSignal },
        );
        return logStreams
          .toSorted((a, b) => (b.creationTime ?? 0) - (a.creationTime ?? 0))
          .flatMap(({ logStreamName }) => logStreamName ?? []);
      } catch (error) {
        if (awsErrorName(error) === 'ResourceNotFoundException') return [];
        throw error;
      }
    },
  };
}
