export { dropsParts } from './template-parts.js';
export {
  type Assembly,
  type AssemblyRequest,
  synthesize,
  type Synthesizer,
  synthesizer,
  type SynthesizerOptions,
} from './synthesizer.js';
