export * from './compatibility.js';
export * from './contract.js';
export * from './envelope-schema.js';
export * from './json-schema.js';
export * from './registration.js';
export * from './registry.js';
export * from './registry-faults.js';
