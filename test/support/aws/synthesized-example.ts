import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NagPack } from 'cdk-nag';
import { Validations } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { agentApp } from '../../../stacks/aws/agent-app.js';
import type { Template } from '../../../stacks/aws/policy/index.js';
import { requestFromFile } from '../../../stacks/aws/request-from-file.js';
import type { SynthRequest } from '../../../stacks/aws/synth-request.js';

/** What a synthesis came to. */
export interface SynthesizedExample {
  readonly templates: readonly SynthesizedTemplate[];
  /** `Rule path` of what a pack finds and nobody acknowledged; a rule that crashed says so. */
  findings(pack: NagPack): readonly string[];
  /** Rules of a pack that are broken and acknowledged, with the reason of each. */
  acknowledged(pack: NagPack): ReadonlyMap<string, string>;
}

/** One stack of it. */
export interface SynthesizedTemplate {
  readonly stack: string;
  readonly text: string;
  readonly template: Template & { readonly Outputs?: Readonly<Record<string, Output>> };
}

interface Output {
  readonly Export?: { readonly Name?: string };
}

/** The stacks of a config file at stage production, or of what a test makes of its request. */
export function synthesizedExample(file: string, change: (request: SynthRequest) => SynthRequest = (it) => it) {
  return synthesizedText(readFileSync(file, 'utf8'), change);
}

/** The same for the text of a config file. */
export function synthesizedText(
  text: string,
  change: (request: SynthRequest) => SynthRequest = (it) => it,
): SynthesizedExample {
  const outdir = mkdtempSync(join(tmpdir(), 'agentctl-synthesized-'));
  try {
    const app = agentApp(change(requestFromFile({ CDK_OUTDIR: outdir }, () => text)));
    app.synth();
    const names = readdirSync(outdir).filter((name) => name.endsWith('.template.json'));
    return {
      templates: names.map((name) => {
        const json = readFileSync(join(outdir, name), 'utf8');
        return { stack: name.replace('.template.json', ''), text: json, template: JSON.parse(json) as Template };
      }),
      findings: (pack) =>
        pack
          .validateScope(app)
          .violations.flatMap(({ ruleName, description, violatingResources }) =>
            violatingResources.map(
              ({ constructPath }) =>
                `${ruleName} ${constructPath}${description.startsWith('Rule threw') ? ' (the rule threw an error)' : ''}`,
            ),
          )
          .toSorted(),
      acknowledged: (pack) => acknowledgedBy(pack, app),
    };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/**
 * cdk-nag leaves out what is acknowledged without a word, so it is asked with nothing acknowledged, and each finding is
 * looked up: an acknowledgement of what is not broken does not count.
 */
function acknowledgedBy(pack: NagPack, app: IConstruct): ReadonlyMap<string, string> {
  const used = new Map<string, string>();
  Object.defineProperty(pack, 'isAcknowledged', {
    value: (resource: IConstruct, rule: string) => {
      const reason = reasonFor(resource, rule);
      if (reason !== undefined) used.set(rule.replace(/\[.*$/, ''), reason);
      return reason !== undefined;
    },
  });
  pack.validateScope(app);
  return used;
}

function reasonFor(resource: IConstruct, rule: string): string | undefined {
  return resource.node.scopes
    .flatMap(({ node }) => node.metadata)
    .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
    .flatMap(({ data }) => Object.entries(data as Record<string, string>))
    .find(([id]) => id.replace(/^annotation::/i, '') === rule)?.[1];
}
