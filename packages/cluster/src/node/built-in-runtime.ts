import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Begun, BuiltInRun, type BuiltInWorld } from './built-in-run.ts'
import { codeIs } from './code-is.ts'
import { ExecRefused } from './launcher/exec-refused.ts'
import type { ContainerSpec, Exit, Runtime } from './runtime.ts'

/**
 * A runtime that plays containers of the image `argosy` in this process, and leaves all others to `runtime`. The
 * container's directory says what was begun (`built-in.json`) and how it ended (`exit.json`).
 */
export function withBuiltIns(runtime: Runtime, world: BuiltInWorld): Runtime {
  const own = new Map<string, ContainerSpec>()
  return {
    name: runtime.name,
    describe: runtime.describe,
    layers: runtime.layers === true,
    ...(runtime.images && { images: runtime.images }),
    ...(runtime.networks && { networks: runtime.networks }),
    async start(spec) {
      if (!spec.builtIn) return runtime.start(spec)
      own.set(spec.dir, spec)
      const begun: Begun = { spec, startedAt: world.clock.now() }
      return BuiltInRun.start(begun, world)
    },
    async adopt(dir) {
      const begun = await readJson<Begun>(join(dir, 'built-in.json'))
      if (!begun) return runtime.adopt(dir)
      own.set(dir, begun.spec)
      const exit = await readJson<Exit>(join(dir, 'exit.json'))
      return exit ? BuiltInRun.ended(begun, exit, world) : BuiltInRun.again(begun, world)
    },
    async exec(dir, spec) {
      if (!own.has(dir)) return runtime.exec(dir, spec)
      throw new ExecRefused(
        'the image argosy is played by this server itself: there is nothing to enter',
      )
    },
    async remove(dir) {
      const spec = own.get(dir)
      if (!spec) return runtime.remove(dir)
      own.delete(dir)
      await rm(spec.scratch ?? dir, { recursive: true, force: true })
      await rm(dir, { recursive: true, force: true })
    },
    [Symbol.asyncDispose]: () => runtime[Symbol.asyncDispose](),
  }
}

/** Undefined when it is not there, or was cut short by a crash while it was written. */
async function readJson<T>(path: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as T
  } catch (error) {
    if (codeIs(error, 'ENOENT') || codeIs(error, 'ENOTDIR') || error instanceof SyntaxError) {
      return undefined
    }
    throw error
  }
}
