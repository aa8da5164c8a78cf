import { processRuntime, type Runtime, sandboxRuntime } from '@argosy/cluster/launched'

/** What the launcher runs: it needs little, and can be asked before all else is loaded. */
export type LaunchedChoice = 'auto' | 'sandbox' | 'process'

export interface Chosen {
  readonly runtime: Runtime
  /** Why the better runtime could not be had; undefined when nobody has to know. */
  readonly fallback: string | undefined
}

export async function chooseLaunched(choice: LaunchedChoice): Promise<Chosen> {
  if (choice === 'process') return { runtime: await processRuntime(), fallback: undefined }
  if (choice === 'sandbox') return { runtime: await sandboxRuntime(), fallback: undefined }
  try {
    return { runtime: await sandboxRuntime(), fallback: undefined }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    const runtime = await processRuntime()
    return {
      runtime,
      fallback: `no sandbox on this machine (${why}): steps are ${runtime.describe}`,
    }
  }
}
