import { defineConfig } from 'vitest/config'

/** No package brings an emulator of Google's storage: who has one says where (gcs.real.test.ts tells how). */
const withoutEmulator = process.env['ARGOSY_GCS'] ? [] : ['**/gcs.real.test.ts']
if (withoutEmulator.length > 0) {
  process.stdout.write(`left out: ${withoutEmulator}, for want of an emulator at ARGOSY_GCS\n`)
}

/** Tests that need programs of the machine: they say what they skipped, and in CI they may skip nothing. */
export default defineConfig({
  test: {
    include: ['packages/*/src/**/*.real.test.ts', 'test/**/*.real.test.ts'],
    exclude: ['**/node_modules/**', ...withoutEmulator],
    globalSetup: ['test/leavings.ts', 'test/real-tools.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    fileParallelism: false,
    pool: 'forks',
  },
})
