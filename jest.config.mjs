/** Tests run over what tsc wrote, so that what is tested is what runs. */
export default {
  testMatch: ['**/dist/**/*.spec.js'],
  transform: {},
  testEnvironment: 'node',
  modulePathIgnorePatterns: ['<rootDir>/.parlance', '<rootDir>/.nx'],
  globalSetup: '<rootDir>/tools/dist/test/global-setup.js',
  globalTeardown: '<rootDir>/tools/dist/test/global-teardown.js',
  testTimeout: 60_000,
  maxWorkers: 2,
  workerIdleMemoryLimit: '1GB',
};
