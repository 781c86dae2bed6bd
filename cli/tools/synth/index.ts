export { dropsParts } from './template-parts.js';
export {
  type Assembly,
  type AssemblyRequest,
  synthesizeAws,
  synthesizeGcp,
  type Synthesizer,
  synthesizer,
  type SynthesizerOptions,
} from './synthesizer.js';
