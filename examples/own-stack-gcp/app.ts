import { App } from 'cdktf';
import { ChatStack } from './chat-stack.js';

const app = new App();
new ChatStack(app, 'chat', {
  project: 'my-project',
  region: 'us-central1',
  image: process.env['IMAGE'] ?? `us-central1-docker.pkg.dev/my-project/chat/chat@sha256:${'0'.repeat(64)}`,
  hostName: 'chat.example.com',
});
app.synth();
