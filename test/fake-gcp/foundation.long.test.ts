import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openTerraform } from '../../cli/tools/terraform/index.js';
import { foundationOutputsSchema } from '../../stacks/gcp/outputs.js';
import { statefulTypes } from '../../stacks/gcp/policy/stateful-types.js';
import { stateBucketName } from '../../stacks/gcp/naming.js';
import { fakeForTest } from '../support/fake-gcp/fake-for-test.js';
import { storageState } from '../support/fake-gcp/services/storage/storage-state.js';
import { startFakeGoogleProvider } from '../support/fake-google-provider/start-fake-google-provider.js';
import { gcpSpec, synthesizedStage } from '../support/gcp/synthesized-stage.js';
import { hasTerraform } from '../cli/tools/terraform/terraform-on-data.js';

test.skipIf(!hasTerraform)(
  'Terraform applies the foundation of an example to the fake cloud, with its state in a bucket',
  async () => {
    const fake = await fakeForTest({ project: 'my-project', region: 'us-central1' });
    fake.world.state(storageState).createBucket(stateBucketName('my-project'), { versioning: { enabled: true } });
    const root = fake.world.directory;
    const directory = join(root, 'work');
    const provider = await startFakeGoogleProvider({ url: fake.url, configurations: () => [directory] });
    onTestFinished(() => provider.stop());
    const environment = { PATH: process.env['PATH'] ?? '', HOME: root, ...fake.environment(), ...provider.environment };
    const terraform = openTerraform({ environment, directory, statefulTypes: Object.keys(statefulTypes) });
    const { foundation } = synthesizedStage(gcpSpec('examples/quickstart/agentctl.yaml'), 'production', {
      release: 'r1',
    });
    const configuration = join(root, 'foundation');
    mkdirSync(configuration);
    writeFileSync(join(configuration, 'cdk.tf.json'), foundation?.text ?? '');
    const stack = { name: 'foundation', configuration, variables: { postgres_password: 'made-up-Rt5Kp2Vx9' } };
    const run = { signal: new AbortController().signal, log: () => undefined };

    const first = await terraform.deploy({ stack, ...run });

    expect(foundationOutputsSchema.parse(first.outputs)).toMatchObject({ ProjectNumber: '123456789012' });
    await expect(terraform.deploy({ stack, ...run })).resolves.toMatchObject({ changed: false });
  },
);
