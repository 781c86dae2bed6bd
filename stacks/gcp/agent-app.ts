import { App } from 'cdktf';
import { FoundationStack } from './foundation-stack.js';
import { MigrationsStack } from './migrations-stack.js';
import { ServiceStack } from './service-stack.js';
import { stageContext } from './stage-context.js';
import type { SynthRequest } from './synth-request.js';

/** The three stacks of a stage as a CDKTF app; `outdir` of the request is where `synth()` writes it. */
export function agentApp(request: SynthRequest): App {
  const context = stageContext(request);
  const app = new App({ outdir: request.outdir, stackTraces: false });
  new FoundationStack(app, context);
  if (context.spec.migrations.length > 0) new MigrationsStack(app, context);
  new ServiceStack(app, context);
  return app;
}
