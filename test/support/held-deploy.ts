import type { CliRun } from './local-cli.js';
import type { LocalProject } from './local-project.js';

/** A deploy in the middle of its build, where it waits until the build is let go. Its config has `build: true`. */
export async function heldDeploy(project: LocalProject): Promise<CliRun> {
  await project.hold('build');
  const run = project.start(['deploy', '--yes']);
  await run.said('build: begins');
  return run;
}
