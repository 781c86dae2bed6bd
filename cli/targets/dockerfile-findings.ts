import { readFile } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import { type AgentSpec, imageOf, type ImageSpec } from '../../stacks/spec/index.js';
import { hasSystemCode } from '../errors.js';
import type { Finding } from './target.js';

type BuiltImage = Extract<ImageSpec, { kind: 'build' }>;

/**
 * What `doctor` says about every Dockerfile of a spec: a problem when it is not there, and warnings. Each is read once per
 * stage it is built to.
 *
 * @param directory of the config file, which build contexts are relative to
 */
export async function dockerfileFindings(spec: AgentSpec, directory: string): Promise<readonly Finding[]> {
  const workloads = [...Object.values(spec.services), ...Object.values(spec.schedules), ...spec.migrations];
  const builds = new Map(
    workloads
      .map((workload) => imageOf(spec, workload))
      .filter((image): image is BuiltImage => image.kind === 'build')
      .map((image) => [JSON.stringify([image.context, image.dockerfile, image.target, image.args]), image]),
  );
  const found = await Promise.all([...builds.values()].map(async (image) => await findingsOf(image, directory)));
  const unique = new Map(found.flat().map((finding) => [`${finding.message} ${finding.fix}`, finding]));
  return [...unique.values()];
}

async function findingsOf(image: BuiltImage, directory: string): Promise<readonly Finding[]> {
  const path = resolve(directory, image.context, image.dockerfile);
  const shown = relative(directory, path).split(sep).join('/');
  const text = await readText(path);
  if (text === undefined) {
    const fix = 'write one ("agentctl init" does where there is no agentctl.yaml), or correct image.build';
    return [{ level: 'problem', subject: 'dockerfile', message: `${shown} is not there`, fix }];
  }
  // The parser is read only where there is something to parse.
  const { lintDockerfile } = await import('../dockerfile/index.js');
  const findings = lintDockerfile(text, image);
  if (findings.length === 0) return [{ level: 'ok', subject: 'dockerfile', message: shown }];
  return findings.map(({ line, message, fix }) => ({
    level: 'warning',
    subject: 'dockerfile',
    message: `${shown}:${line}: ${message}`,
    fix,
  }));
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (hasSystemCode(error, 'ENOENT') || hasSystemCode(error, 'ENOTDIR') || hasSystemCode(error, 'EISDIR'))
      return undefined;
    throw error;
  }
}
