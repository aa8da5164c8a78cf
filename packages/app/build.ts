import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmod, copyFile, cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build, type Metafile, type Plugin } from 'esbuild'
import { plainBuiltinModules } from './builtin-modules.ts'
import { namedWhenLoaded } from './named-when-loaded.ts'
import { scriptsOf } from './src/chunks/scripts-of.ts'
import { withoutBarrels } from './src/chunks/without-barrels.ts'
import { commands } from './src/commands/commands.table.ts'

/**
 * Makes what is published: `dist/` with one bundle and the chunks that it loads when it needs them, the launcher, and
 * the files that our code looks for beside itself. The package then depends on nothing. The chunks are scripts that
 * `src/loader` loads (decision 0032); what is started, by the door or as a program or worker of its own, is a small module.
 */

const here = dirname(fileURLToPath(import.meta.url))
const root = join(here, '../..')
const dist = join(here, 'dist')
const nodeRoom = join(root, 'packages/cluster/src/node')

/** What is started as a program or a worker of its own has another name in `dist`. */
const startedByName: readonly (readonly [string, string])[] = [
  ['launcher/client.ts', 'helper'],
  ['resource/jq.ts', 'jq-worker'],
  ['archive/ask-sqlite.ts', 'archive-worker'],
  ['search/log-search.ts', 'grep-worker'],
]

/** Our own sources, as they are bundled. */
const sources: Plugin = {
  name: 'sources',
  setup({ onLoad }) {
    onLoad({ filter: /[/\\]packages[/\\]\w+[/\\].*\.ts$/ }, async ({ path }) => {
      const text = withoutBarrels(await readFile(path, 'utf8'))
      const name = startedByName.find(([starter]) => path.endsWith(starter))?.[1]
      if (name === undefined) return { contents: text, loader: 'ts' }
      if (!text.includes(`'./${name}.ts'`)) throw new Error(`${path} no longer starts ./${name}.ts`)
      return { contents: text.replace(`'./${name}.ts'`, `'./${name}.js'`), loader: 'ts' }
    })
  },
}

const commandNames = JSON.stringify(commands.map(({ name }) => name))

/** What is started, and for what: processes with the same purpose use the same compiled code. */
const starters = {
  main: {
    source: 'packages/app/src/main.ts',
    names: 'export const { main } =',
    purpose: `process.argv.slice(2).find((word) => ${commandNames}.includes(word)) ?? 'help'`,
  },
  helper: started('packages/cluster/src/node/launcher/helper.ts'),
  'jq-worker': started('packages/executor/src/resource/jq-worker.ts'),
  'archive-worker': started('packages/server/src/archive/archive-worker.ts'),
  'grep-worker': started('packages/server/src/workflows/search/grep-worker.ts'),
}

function started(source: string) {
  return { source, names: '', purpose: `'${basename(source, '.ts')}'` }
}

await rm(dist, { recursive: true, force: true })
await mkdir(dist, { recursive: true })
const meta = await bundle()
const buildName = await scripts()
await Promise.all([
  ...Object.entries(starters).map(([name, { purpose, names }]) => starter(name, purpose, names)),
  launcher(),
  cp(join(nodeRoom, 'images'), join(dist, 'images'), { recursive: true }),
  pages(),
  ...['LICENSE', 'README.md'].map((name) => copyFile(join(root, name), join(here, name))),
  writeFile(join(dist, 'THIRD-PARTY-LICENSES.txt'), await licences(meta)),
])
await report()

async function bundle(): Promise<Metafile> {
  const result = await build({
    entryPoints: Object.values(starters).map(({ source }) => join(root, source)),
    entryNames: '[name]-body',
    plugins: [sources, namedWhenLoaded, plainBuiltinModules],
    outdir: dist,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    // Everything lies flat in `dist`: code finds its files by `import.meta.url`.
    chunkNames: '[name]-[hash]',
    minifySyntax: true,
    minifyWhitespace: true,
    keepNames: false,
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
  })
  return result.metafile
}

/** Turns the chunks into scripts. Resolves to a name that no other build has. */
async function scripts(): Promise<string> {
  const names = (await readdir(dist)).filter((name) => name.endsWith('.js')).sort()
  const texts = names.map(async (name) => [name, await readFile(join(dist, name), 'utf8')] as const)
  const all = scriptsOf(new Map(await Promise.all(texts)))
  const hash = createHash('sha256')
  for (const [name, text] of all) {
    // They are read byte by byte.
    if (/[^\0-\x7f]/.test(text)) throw new Error(`${name} is not plain ASCII`)
    hash.update(name).update(text)
    await writeFile(join(dist, name), text)
  }
  return hash.digest('hex').slice(0, 16)
}

/** A module that runs an entry of the bundle. */
async function starter(name: string, purpose: string, names: string): Promise<void> {
  const options = `url: import.meta.url, entry: '${name}-body.js', build: '${buildName}'`
  await build({
    stdin: {
      contents: `import { loadBundle } from './src/loader/load-bundle.ts'
        ${names} loadBundle({ ${options}, purpose: ${purpose} })`,
      resolveDir: here,
    },
    outfile: join(dist, `${name}.js`),
    plugins: [plainBuiltinModules],
    ...{ bundle: true, format: 'esm', platform: 'node', target: 'node24' },
    ...{ minifySyntax: true, minifyWhitespace: true, logLevel: 'warning' },
  })
}

/** For the machine that builds; others build it from source or do without. */
async function launcher(): Promise<void> {
  if (process.platform !== 'linux') return
  const target = join(dist, `launcher-linux-${process.arch}`)
  const room = join(nodeRoom, 'launcher')
  const source = join(room, 'launcher.c')
  await promisify(execFile)('cc', ['-O2', '-s', '-static', '-o', target, source])
  await chmod(target, 0o755)
  const parts = (await readdir(room)).filter((name) => /\.[ch]$/.test(name))
  await Promise.all(parts.map((name) => copyFile(join(room, name), join(dist, name))))
}

/** The pages for the browser, which are built before: they bring their own licences. */
async function pages(): Promise<void> {
  const built = join(root, 'packages/ui/dist')
  await cp(built, join(dist, 'ui'), { recursive: true }).catch((cause: unknown) => {
    throw new Error('the pages are not built: npm run build -w packages/ui', { cause })
  })
}

/** What the bundled packages ask to be told about them. */
async function licences({ inputs }: Metafile): Promise<string> {
  const folders = new Set(
    Object.keys(inputs).flatMap((path) => {
      const found = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(
        relative(root, resolve(path.replace(/^[\w-]+:/, ''))),
      )
      return found?.[1] ? [found[1]] : []
    }),
  )
  const texts = [...folders].sort().map(async (folder) => {
    const names = await readdir(join(root, folder))
    const file = names.find((name) => /^(licen[cs]e|copying)/i.test(name))
    const { name, version, license } = JSON.parse(
      await readFile(join(root, folder, 'package.json'), 'utf8'),
    )
    const text = file ? await readFile(join(root, folder, file), 'utf8') : `${license}\n`
    return `${name} ${version} (${license})\n\n${text}`
  })
  return (await Promise.all(texts)).join(`\n${'-'.repeat(80)}\n\n`)
}

async function report(): Promise<void> {
  for (const name of (await readdir(dist)).sort()) console.log(`dist/${name}`)
}
