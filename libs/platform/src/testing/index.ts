export * from './test-database.js';
export * from './test-service.js';
export * from './test-tokens.js';
