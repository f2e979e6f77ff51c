export { startEmulator, type Emulator } from './emulator.js';
export { eventually } from './eventually.js';
export * from './fault-proxy/index.js';
export { LetterQueue, QueueAccess, type QueueMessage } from './queue-access.js';
export { messagesIn, settle, type SettleParts } from './settle.js';
export { waitForMessage, type WaitForMessage } from './wait-for-message.js';
