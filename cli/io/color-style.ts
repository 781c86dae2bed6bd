import { bold, dim, green, red, yellow } from 'yoctocolors';
import type { Style } from '../report/style.js';

/** Colours for a terminal that has them; whether to use them is decided by who asks. */
export const colorStyle: Style = { good: green, bad: red, warn: yellow, dim, bold };
