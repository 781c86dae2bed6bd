import { loadSpec } from './cli/config/load-spec.js';
import { renderProblems } from './cli/config/render-problems.js';
const [file, stage='production', target] = process.argv.slice(2);
const r = await loadSpec({ directory: process.cwd(), file, stage, ...(target?{target: target as never}:{}) });
console.log(r.kind === 'invalid' ? renderProblems(r) : `ok ${r.specHash} ${r.warnings.length}\n`+r.warnings.map(w=>`${w.line}:${w.column} ${w.message}`).join('\n'));
