import { App } from 'aws-cdk-lib/core';
import { ChatStack } from './chat-stack.js';

const app = new App();
new ChatStack(app, 'Chat', {
  image: process.env['IMAGE'] ?? `public.ecr.aws/example/chat@sha256:${'0'.repeat(64)}`,
  certificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/00000000-0000-0000-0000-000000000000',
  env: { account: '123456789012', region: 'us-east-1' },
});
app.synth();
