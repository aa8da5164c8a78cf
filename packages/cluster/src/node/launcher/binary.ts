import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { accessSync, constants } from 'node:fs'
import { readFile, rename, rm } from 'node:fs/promises'
import { homedir, userInfo } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { makeFolder } from '../../make-folder.ts'

/** Where the launcher program is, or why there is none. */
export type Binary = { readonly path: string } | { readonly missing: string }

/**
 * The launcher: prebuilt beside the package (`dist/launcher-linux-<arch>`), else built once by `cc` into the cache
 * directory, under the hash of its source.
 */
export async function launcherBinary(cacheDir = defaultCacheDir()): Promise<Binary> {
  if (process.platform !== 'linux') return { missing: `no launcher for ${process.platform}` }
  const prebuilt = prebuiltPaths()
  for (const path of prebuilt) if (isExecutable(path)) return { path }
  const source = fileURLToPath(new URL('./launcher.c', import.meta.url))
  const text = await sourceText(source)
  if (text === undefined) {
    return { missing: 'neither a prebuilt launcher nor its source is installed' }
  }
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 16)
  const path = `${cacheDir}/launcher-linux-${process.arch}-${hash}`
  if (isExecutable(path)) return { path }
  return build(source, path)
}

/** `launcher.c` and the parts it includes by name; undefined unless all are there. */
async function sourceText(source: string): Promise<string | undefined> {
  try {
    const main = await readFile(source, 'utf8')
    const names = [...main.matchAll(/^#include "(.+)"$/gm)].map(([, name]) => name ?? '')
    const parts = names.map((name) => readFile(join(dirname(source), name), 'utf8'))
    return [main, ...(await Promise.all(parts))].join('')
  } catch {
    return undefined
  }
}

/** Compiles the launcher; static where the machine has a static C library. */
async function build(source: string, path: string): Promise<Binary> {
  try {
    makeFolder(dirname(path))
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return { missing: `no prebuilt launcher, and no place to build it: ${why}` }
  }
  const fresh = `${path}.${process.pid}.new`
  const compiled = (await compile(source, fresh, ['-static'])) ?? (await compile(source, fresh, []))
  if (!compiled) return { missing: 'no prebuilt launcher, and no C compiler (cc) to build it' }
  await rename(fresh, path).catch(() => rm(fresh, { force: true }))
  return { path }
}

async function compile(source: string, path: string, flags: readonly string[]) {
  const args = ['-O2', '-s', ...flags, '-o', path, source]
  return promisify(execFile)('cc', args).then(
    () => path,
    () => undefined,
  )
}

// From a checkout (…/cluster/src/node/launcher) and from a bundle, which lies in `dist` itself.
function prebuiltPaths(): string[] {
  const name = `launcher-linux-${process.arch}`
  return [`./${name}`, `../../../dist/${name}`].map((path) =>
    fileURLToPath(new URL(path, import.meta.url)),
  )
}

function defaultCacheDir(): string {
  return `${process.env['XDG_CACHE_HOME'] || `${homedir() || userInfo().homedir}/.cache`}/argosy`
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
