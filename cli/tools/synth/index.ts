export { type Assembly, synthesizeAws, type Synthesizer, synthesizer, type SynthesizerOptions } from './synthesizer.js';
