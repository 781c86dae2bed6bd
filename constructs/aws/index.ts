export { AgentNetwork, type AgentNetworkProps, type ExistingVpc } from './network/agent-network.js';
export { EncryptionKey, type EncryptionKeyProps } from './encryption/encryption-key.js';
export { type Transform } from './transform.js';
