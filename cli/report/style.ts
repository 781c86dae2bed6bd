/** The few ways text is coloured; the plain ones return it unchanged. */
export interface Style {
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly warn: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly bold: (text: string) => string;
}

const unchanged = (text: string): string => text;

/** No colours: pipes, files, `--no-color`. */
export const plainStyle: Style = { good: unchanged, bad: unchanged, warn: unchanged, dim: unchanged, bold: unchanged };
