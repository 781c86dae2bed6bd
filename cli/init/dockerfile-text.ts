/** Instructions that belong together; an empty line comes between two of them. */
export type DockerfileBlock = readonly string[];

/** A list as CMD takes it: no shell reads it, so the program gets the signal to stop. */
export function execForm(words: readonly string[]): string {
  return `[${words.map((word) => JSON.stringify(word)).join(', ')}]`;
}

/** The text of a Dockerfile; blocks without a line are left out. */
export function dockerfileText(blocks: readonly DockerfileBlock[]): string {
  const head = '# Written by `agentctl init` and yours to change: `agentctl doctor` says what it thinks of it.';
  return `${[[head], ...blocks.filter((block) => block.length > 0)].map((block) => block.join('\n')).join('\n\n')}\n`;
}

/** A health check by a program of the image. A container without PORT is a worker, which has nothing to ask. */
export function healthCheck(program: readonly string[]): DockerfileBlock {
  return [
    '# Liveness for plain Docker; agentctl asks the paths of agentctl.yaml itself. A worker has no PORT and is not asked.',
    `HEALTHCHECK --interval=10s --timeout=5s --start-period=60s CMD ${execForm(program)}`,
  ];
}
