import { sharedImage } from '../../stacks/spec/index.js';
import type { GitFacts } from '../tools/git/git-facts.js';

/** Pure: what an image of an agent is called in logs. */
export function recipeName(agent: string, source: string): string {
  return source === sharedImage ? agent : `${agent}-${source}`;
}

/** Pure: tags for people. The repository lets no tag move, so each names the content as well: a commit can be built twice. */
export function imageRequestTags(content: string, git: GitFacts | undefined): readonly string[] {
  if (git === undefined || git.dirty) return [];
  return [`git-${git.sha.slice(0, 12)}-${content.replace('sha256:', '').slice(0, 8)}`];
}
