export { MAP_ENTRY_CASE_SENSITIVE_WHEN_OMITTED } from './declarations.js';
export type { ItemReading } from './item.js';
export { ITEM_LIMITS, PACKAGE_LIMITS, XML_LIMITS } from './limits.js';
export { readPackage } from './read-package.js';
export type { FileReading, PackageReading } from './read-package.js';
export { testStructure } from './test-reading.js';
export type { ItemReference, SectionReading, TestReading } from './test-reading.js';
