import { defineConfig } from 'vitest/config'

/** Tests that need programs of the machine: they say what they skipped, and in CI they may skip nothing. */
export default defineConfig({
  test: {
    include: ['packages/*/src/**/*.real.test.ts', 'test/**/*.real.test.ts'],
    globalSetup: ['test/real-tools.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    fileParallelism: false,
    pool: 'forks',
  },
})
