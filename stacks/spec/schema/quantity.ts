import * as z from 'zod';

/** An amount of memory or storage, written `512Mi`, `2Gi` or `1Ti`. */
export interface Quantity {
  readonly mebibytes: number;
}

const mebibytesPerUnit: Readonly<Record<string, number>> = { Mi: 1, Gi: 1024, Ti: 1_048_576 };
const pattern = /^(\d+)(Mi|Gi|Ti)$/;

/** The mebibytes in `2Gi`; undefined when the text is not a quantity. */
export function parseQuantity(text: string): Quantity | undefined {
  const match = pattern.exec(text);
  const unit = mebibytesPerUnit[match?.[2] ?? ''];
  return unit === undefined ? undefined : { mebibytes: Number(match?.[1]) * unit };
}

/** The shortest way to write an amount: `2Gi` for 2048 MiB. */
export function formatQuantity(quantity: Quantity): string {
  const { mebibytes } = quantity;
  if (mebibytes > 0 && mebibytes % 1_048_576 === 0) return `${mebibytes / 1_048_576}Ti`;
  return mebibytes > 0 && mebibytes % 1024 === 0 ? `${mebibytes / 1024}Gi` : `${mebibytes}Mi`;
}

/** A quantity from `minimum` to `maximum`, both included and written as quantities. */
export function quantity(minimum: string, maximum: string) {
  const lowest = parseQuantity(minimum)?.mebibytes ?? 0;
  const highest = parseQuantity(maximum)?.mebibytes ?? Number.MAX_SAFE_INTEGER;
  const error = `an amount from ${minimum} to ${maximum}, such as ${lowest < 1024 ? '512Mi or 2Gi' : '100Gi'}`;
  return z
    .string({ error })
    .regex(pattern, { error, abort: true })
    .refine(
      (text) => {
        const mebibytes = parseQuantity(text)?.mebibytes;
        return mebibytes !== undefined && mebibytes >= lowest && mebibytes <= highest;
      },
      { error },
    )
    .transform((text): Quantity => ({ mebibytes: parseQuantity(text)?.mebibytes ?? lowest }));
}
