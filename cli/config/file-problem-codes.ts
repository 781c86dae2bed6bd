/** Every code a config problem can carry before the spec itself is looked at, with what it means. Codes are stable. */
export const fileProblemCodes = {
  'file-not-found': 'There is no config file at this place.',
  'not-a-file': 'A directory was given where a file is needed.',
  'file-unreadable': 'The file exists but cannot be read.',
  'not-utf8': 'The file is not UTF-8 text.',
  'empty-file': 'The file has no content, or only comments.',
  'yaml-syntax': 'The file is not YAML.',
  'tab-indentation': 'A line is indented with a tab; YAML allows only spaces.',
  'duplicate-key': 'A key appears twice in one map.',
  'several-documents': 'The file holds more than one YAML document.',
  'alias-bomb': 'Aliases expand to far more than the file holds.',
  'unknown-tag': 'A YAML tag such as `!Ref`, which nothing here reads.',
  'merge-key': 'The merge key `<<`, which YAML 1.2 does not apply.',
  'forbidden-key': 'A key that JavaScript would misread, such as `__proto__`.',
  'leading-zero': 'A number with a leading zero, which YAML reads as another number.',
  'lossy-number': 'A number that is read as something shorter, such as 16.10 as 16.1.',
  'unsafe-number': 'A number too large to be read exactly.',
  'not-finite': 'Infinity or not-a-number.',
  'yaml-version': 'A `%YAML` directive for a version that reads values differently.',
  'unknown-stage': 'A stage that the file does not declare.',
  adapted: 'A warning: the target honours this setting in a way of its own.',
} as const;

/** The kind of a problem with the file rather than with the spec. */
export type FileProblemCode = keyof typeof fileProblemCodes;
