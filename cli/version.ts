/** The version in package.json; a test keeps them equal, and reading it costs no file access at start-up. */
export const version = '0.1.0';
