/** Whether a signal was aborted by a time limit. Whoever sets one wants an end; who presses Ctrl-C wants the terminal. */
export function isTimeout({ reason }: AbortSignal): boolean {
  return reason instanceof Error && reason.name === 'TimeoutError';
}
