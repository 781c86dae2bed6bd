/** RDS keeps part of the machine for itself and the system; the part it leaves is not published. */
export const usableMemory = 0.9;
const bytesPerMiB = 1_048_576;

/** The connections that RDS allows without a parameter: `LEAST(DBInstanceClassMemory/9531392, 5000)`. */
export function defaultConnections(memoryMiB: number): number {
  return Math.min(Math.floor((memoryMiB * usableMemory * bytesPerMiB) / 9_531_392), 5000);
}
