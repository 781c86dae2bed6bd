const host = String.raw`[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?(?::\d{1,5})?`;
const component = String.raw`[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*`;
const tag = String.raw`[\w][\w.-]{0,127}`;
const reference = new RegExp(`^(?:${host}/)?${component}(?:/${component})*(?::${tag})?(?:@sha256:[0-9a-f]{64})?$`);

/** Whether a text has the form of an image reference (distribution/reference): `[host[:port]/]path[:tag][@digest]`. */
export function isImageReference(text: string): boolean {
  return text.length <= 512 && reference.test(text);
}
