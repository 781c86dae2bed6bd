import type { TestProject } from 'vitest/node';
import { buildBaseImages } from './base-images.js';
import { findDaemon } from './docker-daemon.js';
import type { DockerTier } from './docker-tier.js';

/** Vitest's global setup: a daemon and the base images before any file, and what was started stopped at the end. */
export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const started = performance.now();
  const say = (line: string): void => console.log(`docker tier: ${line}`);
  const provide = (tier: DockerTier): void => project.provide('dockerTier', tier);
  const daemon = await findDaemon();
  if (daemon.kind === 'missing') {
    if (process.env['CI'] === 'true') throw new Error(daemon.reason);
    say(`EVERY TEST IS SKIPPED: ${daemon.reason}`);
    provide(daemon);
    return;
  }
  const { client, stop } = daemon;
  try {
    say(`client ${client.clientVersion} (${client.program}), daemon ${client.serverVersion}`);
    const images = await buildBaseImages(client, say);
    provide({ kind: 'ready', client, images });
  } catch (error) {
    await stop();
    throw error;
  }
  say(`ready after ${((performance.now() - started) / 1000).toFixed(0)} s`);
  return stop;
}
