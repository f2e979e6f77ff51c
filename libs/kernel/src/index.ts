export * from './id.js';
export * from './refusal.js';
export * from './page.js';
export * from './clock.js';
export * from './points.js';
export * from './text.js';
