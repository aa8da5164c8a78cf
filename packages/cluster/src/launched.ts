/** The runtimes on the launcher, which need nothing else of this package: they are made ready while the rest is loaded. */
export type { Runtime } from './node/runtime.ts'
export { processRuntime } from './node/runtimes/process.ts'
export { sandboxRuntime } from './node/runtimes/sandbox.ts'
