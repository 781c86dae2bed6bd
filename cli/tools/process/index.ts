export { type LockResult, takeExclusiveLock } from './exclusive-lock.js';
export { type StopGroupOptions, isGroupAlive, signalGroup, stopGroup } from './group.js';
export { type ProcessIdentity, identityOf, isSameProcess } from './identity.js';
export { passedEnvironment } from './passed-environment.js';
export { portOwner, portsOfGroup } from './port-owner.js';
export { type PortAllocator, createPortAllocator, isPortFree } from './ports.js';
export { type DetachedOptions, type DetachedProcess, startDetached } from './start-detached.js';
export { type OutputSinks, type ProcessEnd, type RunningProcess, describeEnd, startProcess } from './start-process.js';
export { type CompletedProcess, runToEnd } from './run-to-end.js';
