export * from './address-guard.js';
export * from './outbound-client.js';
