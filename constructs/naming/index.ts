export { type NamedResource, type NameRule, nameRules } from './name-rules.js';
export { resourceName } from './resource-name.js';
