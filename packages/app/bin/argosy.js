#!/usr/bin/env node
// The door: plain JavaScript that any Node from 20 on can read. Argosy itself needs Node 24. In a checkout whose system
// has an older one, the pinned Node that `npm ci` put beside us takes over.
import module from 'node:module'

// Not imported: an import makes all that a module has, of node:fs its streams, before anything is asked for.
const require = module.createRequire(import.meta.url)
const { existsSync } = require('node:fs')
const { homedir } = require('node:os')
const { dirname, join } = require('node:path')
const { fileURLToPath, pathToFileURL } = require('node:url')

const here = dirname(fileURLToPath(import.meta.url))
const needed = 24
/** Set for the process that an older Node starts. */
const door = 'ARGOSY_DOOR'

haveHome()
if (Number(process.versions.node.split('.')[0]) >= needed) await runHere()
else await runOnPinnedNode()

/** A checkout runs its sources, the published package (which has none) its bundle; ARGOSY_DIST=1 asks for the bundle. */
async function runHere() {
  leaveWithTheDoor()
  const source = join(here, '../src/main.ts')
  const built = join(here, '../dist/main.js')
  const wantsBuilt = process.env['ARGOSY_DIST'] === '1' || !existsSync(source)
  if (!wantsBuilt) await keepCompiled()
  const { main } = await import(pathToFileURL(wantsBuilt ? built : source).href)
  await main(process.argv.slice(2))
}

/** The bundle keeps its compiled code by itself. */
async function keepCompiled() {
  const folders = pathToFileURL(join(here, '../src/loader/compiled-folder.ts')).href
  const { compiledFolder } = await import(folders)
  const folder = compiledFolder()
  if (folder !== undefined) module.enableCompileCache?.(folder)
}

async function runOnPinnedNode() {
  const node = pinnedNode()
  if (!node) {
    process.stderr.write(
      `argosy needs Node ${needed} or newer; this is ${process.versions.node}. In a checkout, \`npm ci\` brings one along.\n`,
    )
    process.exit(2)
  }
  const { spawn } = await import('node:child_process')
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, [door]: '1' },
  })
  // A terminal signals both processes; the real one takes two signals at nearly the same time for one.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => {
    if (!signal) process.exit(code ?? 1)
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}

/** A user whom the machine does not know, as a number in a container, is at home where Docker and Kubernetes put him. */
function haveHome() {
  try {
    homedir()
  } catch {
    process.env['HOME'] = '/'
  }
}

/** Who kills the process that he sees, which no program hears of, means this one. */
function leaveWithTheDoor() {
  if (process.env[door] === undefined) return
  delete process.env[door]
  const leave = () => process.kill(process.pid, 'SIGKILL')
  if (!process.connected) leave()
  process.on('disconnect', leave)
  process.channel?.unref()
}

/** The npm packages that are the Node binary itself (optionalDependencies of the checkout). */
function pinnedNode() {
  const platform = `${process.platform}-${process.arch}`
  const name = platform === 'darwin-arm64' ? `node-bin-${platform}` : `node-${platform}`
  try {
    const found = require.resolve(`${name}/package.json`)
    const node = join(dirname(found), 'bin/node')
    return existsSync(node) ? node : undefined
  } catch {
    return undefined
  }
}
