/** `[{ Key, Value }]` of a template as an object. */
export function keyedAttributes(list: unknown): Readonly<Record<string, string>> {
  if (!Array.isArray(list)) return {};
  return Object.fromEntries(list.map(({ Key, Value }: { Key: string; Value: unknown }) => [Key, String(Value)]));
}
