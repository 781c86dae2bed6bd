import * as z from 'zod';
import { text } from './text.js';

/** A program and its arguments, one list item each; no shell reads it. */
export function command() {
  return z.array(text('a text'), { error: 'a list: the program, then one item per argument' }).min(1, {
    error: 'a list with at least the program',
  });
}
