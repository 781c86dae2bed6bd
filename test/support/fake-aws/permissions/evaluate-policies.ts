/** A policy document, as far as it is evaluated here. */
export interface PolicyDocument {
  readonly Statement: Statement | readonly Statement[];
}

interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** One thing that somebody wants to do. */
export interface PermissionRequest {
  /** `iam:PassRole`. */
  readonly action: string;
  /** An ARN, or `*` for what has no resource. */
  readonly resource: string;
  /** Condition keys. @default - none */
  readonly context?: Readonly<Record<string, string>>;
}

/** Pure: whether identity policies allow it: one statement does, and none denies it. Unknown operators are never met. */
export function isAllowed(documents: readonly PolicyDocument[], request: PermissionRequest): boolean {
  const statements = documents.flatMap(({ Statement: list }) => list);
  const applying = statements.filter((statement) => applies(statement, request));
  return applying.some(({ Effect }) => Effect === 'Allow') && !applying.some(({ Effect }) => Effect === 'Deny');
}

function applies(
  { Action, Resource, Condition = {} }: Statement,
  { action, resource, context = {} }: PermissionRequest,
) {
  return (
    [Action].flat().some((pattern) => matches(pattern.toLowerCase(), action.toLowerCase())) &&
    [Resource].flat().some((pattern) => matches(pattern, resource)) &&
    Object.entries(Condition).every(([operator, keys]) =>
      Object.entries(keys).every(([key, values]) => isMet(operator, [values].flat(), context[key])),
    )
  );
}

function isMet(operator: string, values: readonly string[], actual: string | undefined): boolean {
  if (operator === 'StringEqualsIfExists') return actual === undefined || values.includes(actual);
  if (operator === 'StringEquals') return actual !== undefined && values.includes(actual);
  if (operator === 'StringLike') return actual !== undefined && values.some((pattern) => matches(pattern, actual));
  return false;
}

/** `*` is any text, `?` one character (IAM user guide, "Wildcards"). */
function matches(pattern: string, text: string): boolean {
  const source = pattern
    .replaceAll(/[.\\^$+()[\]{}|]/g, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`).test(text);
}
