import { parentPort, workerData } from 'node:worker_threads'
import { raw } from 'jq-wasm'

// jq knows no limit of time or memory: it runs where it can be ended.
const { json, filter } = workerData as { readonly json: string; readonly filter: string }
raw(json, filter, ['-c', '-S']).then(
  (text) => parentPort?.postMessage({ text }),
  (error: unknown) =>
    parentPort?.postMessage({ error: error instanceof Error ? error.message : String(error) }),
)
