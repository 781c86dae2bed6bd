import { AgentctlError, hasSystemCode, messageOf } from '../../../errors.js';

/**
 * Loads a package that is optional. `load` names it in an `import()`, so that bundlers and readers see it.
 *
 * @throws ToolMissing with the command that installs it
 */
export async function loadPackage<M>(name: string, load: () => Promise<M>): Promise<M> {
  try {
    return await load();
  } catch (error) {
    const isMissing = hasSystemCode(error, 'ERR_MODULE_NOT_FOUND') || hasSystemCode(error, 'MODULE_NOT_FOUND');
    if (!isMissing) throw error;
    const what = messageOf(error).includes(name) ? name : `a part of ${name}`;
    throw new AgentctlError('ToolMissing', `${what} is not installed`, {
      fix: `npm install ${name}; all that AWS needs is installed by: npm install --include=optional`,
      cause: error,
    });
  }
}
