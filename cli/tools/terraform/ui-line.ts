import * as z from 'zod';

const diagnostic = z.object({
  severity: z.string(),
  summary: z.string(),
  detail: z.string().default(''),
  address: z.string().optional(),
});

/** What Terraform says is wrong. */
export type TerraformDiagnostic = z.output<typeof diagnostic>;

const resource = z.object({ resource: z.object({ addr: z.string() }), action: z.string() });

/** Of the machine-readable UI (developer.hashicorp.com/terraform/internals/machine-readable-ui) what is used here. */
const uiLine = z.discriminatedUnion('type', [
  z.object({ type: z.literal('planned_change'), change: resource }),
  z.object({ type: z.literal('apply_start'), hook: resource }),
  z.object({ type: z.literal('apply_progress'), hook: resource.extend({ elapsed_seconds: z.number() }) }),
  z.object({ type: z.literal('apply_complete'), hook: resource.extend({ elapsed_seconds: z.number() }) }),
  z.object({ type: z.literal('apply_errored'), hook: resource.extend({ elapsed_seconds: z.number() }) }),
  z.object({ type: z.literal('diagnostic'), diagnostic }),
]);

/** A line of `-json`. */
export type UiLine = z.output<typeof uiLine>;

/** Pure: a line as an event; undefined for what says nothing about progress or is no JSON. */
export function parseUiLine(line: string): UiLine | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return uiLine.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

/** Pure: errors among lines of `-json`, and, of lines without it, those of Terraform’s text. */
export function errorsIn(lines: readonly string[]): readonly TerraformDiagnostic[] {
  const events = lines.map(parseUiLine);
  const found = events.flatMap((event) =>
    event?.type === 'diagnostic' && event.diagnostic.severity === 'error' ? [event.diagnostic] : [],
  );
  return found.length > 0 ? found : textErrors(lines.filter((line) => !line.startsWith('{')));
}

/** `Error: <summary>`, then paragraphs, with or without the frame that a terminal gets. */
function textErrors(lines: readonly string[]): readonly TerraformDiagnostic[] {
  const text = lines.map((line) => line.replace(/^[│╷╵] ?/, '').trimEnd()).join('\n');
  const parts = text.split(/^Error: /m);
  // Some commands say what is wrong and nothing else.
  return (parts.length > 1 ? parts.slice(1) : parts.filter((part) => part.trim() !== '')).map((part) => {
    const [summary = '', ...detail] = part.trim().split('\n');
    return { severity: 'error', summary, detail: detail.join('\n').trim() };
  });
}
