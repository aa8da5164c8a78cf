import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Body } from './manifests.ts'
import type { Sample } from './samples.ts'
import type { Steps } from './world.ts'

/** Workflows to run, one after the other. */
export interface WorkflowsOrder {
  readonly dir: string
  readonly steps: Steps
  readonly shape: 'steps' | 'dag' | 'fan-out' | 'items' | 'layers'
  readonly count: number
  readonly body: Body
  readonly parallelism?: number
  /** How many workflows, 1 by default. */
  readonly times?: number
  /** Nodes of a first workflow that is not measured. */
  readonly warm?: number
  /** Somebody reads the whole object twice a second. */
  readonly reader?: true
  /** Measures the time from one pod's end to the next one's. */
  readonly links?: true
}

const run = promisify(execFile)

/** What `program` (a file beside this one, or a path) prints for `order`, in a process and a folder of its own. */
export async function inProcess<Order extends { readonly dir: string }>(
  program: string,
  order: Order,
  flags: readonly string[] = [],
): Promise<Sample> {
  const dir = await mkdtemp(join(order.dir, 'run-'))
  const file = isAbsolute(program) ? program : fileURLToPath(new URL(program, import.meta.url))
  try {
    const args = [...flags, file, JSON.stringify({ ...order, dir })]
    const { stdout, stderr } = await run(process.execPath, args, { maxBuffer: 2 ** 26 })
    process.stderr.write(stderr)
    return JSON.parse(stdout) as Sample
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

/** Runs workflows in a process of their own; resolves to what each step or node took. */
export function runWorkflows(order: WorkflowsOrder): Promise<Sample> {
  return inProcess('workflows.program.ts', order)
}
