/** Whether a number is whole and from `lowest` to `highest`. */
export function isWholeNumber(value: number, lowest: number, highest: number): boolean {
  return Number.isInteger(value) && value >= lowest && value <= highest;
}
