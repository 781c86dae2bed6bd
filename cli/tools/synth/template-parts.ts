/** Pure: whether a template no longer has a resource or an output of the one before. */
export function dropsParts(before: unknown, after: unknown): boolean {
  const [old, now] = [recordOf(before), recordOf(after)];
  return ['Resources', 'Outputs'].some((section) => {
    const kept = recordOf(now[section]);
    return Object.keys(recordOf(old[section])).some((id) => !Object.hasOwn(kept, id));
  });
}

/**
 * Pure: a template with everything that only the one before has. What another stack still imports can stay so until that stack
 * has let go of it; CloudFormation refuses to delete an export that is in use.
 */
export function withPartsOf(before: unknown, after: unknown): Readonly<Record<string, unknown>> {
  const [old, now] = [recordOf(before), recordOf(after)];
  const sections = [...new Set([...Object.keys(old), ...Object.keys(now)])];
  return Object.fromEntries(
    sections.map((section) => {
      const [was, is] = [old[section], now[section]];
      return [section, isRecord(was) && (is === undefined || isRecord(is)) ? { ...was, ...is } : (is ?? was)];
    }),
  );
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {};
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
