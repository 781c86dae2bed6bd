// What the package exports as `agentctl/spec`. Everything else of this room is for agentctl's own rooms and may change.
export {
  agentSchema,
  parseSpec,
  parseTemplate,
  problemCodes,
  referencesIn,
  resolveTemplate,
  targetKinds,
  type AgentSpec,
  type ParseContext,
  type ParsedSpec,
  type ServiceSpec,
  type SpecProblem,
  type TargetKind,
} from './index.js';
