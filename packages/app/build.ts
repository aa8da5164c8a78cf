import { execFile } from 'node:child_process'
import { chmod, copyFile, cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build, type Metafile, type Plugin } from 'esbuild'
import { plainBuiltinModules } from './builtin-modules.ts'
import { namedWhenLoaded } from './named-when-loaded.ts'

/**
 * Makes what is published: `dist/` with one bundle and the chunks that it loads when it needs them, the launcher, and
 * the files that our code looks for beside itself. The package then depends on nothing.
 */

const here = dirname(fileURLToPath(import.meta.url))
const root = join(here, '../..')
const dist = join(here, 'dist')
const nodeRoom = join(root, 'packages/cluster/src/node')

/** What is started as a program or a worker of its own has another name in `dist`. */
const startedByName: Plugin = {
  name: 'started-by-name',
  setup({ onLoad }) {
    for (const [starter, name] of [
      ['launcher/client', 'helper'],
      ['resource/jq', 'jq-worker'],
      ['archive/ask-sqlite', 'archive-worker'],
      ['search/log-search', 'grep-worker'],
    ] as const) {
      onLoad(
        { filter: new RegExp(`${starter.replace('/', '[/\\\\]')}\\.ts$`) },
        async ({ path }) => {
          const text = await readFile(path, 'utf8')
          if (!text.includes(`'./${name}.ts'`))
            throw new Error(`${path} no longer starts ./${name}.ts`)
          return { contents: text.replace(`'./${name}.ts'`, `'./${name}.js'`), loader: 'ts' }
        },
      )
    }
  },
}

await rm(dist, { recursive: true, force: true })
await mkdir(dist, { recursive: true })
const meta = await bundle()
await Promise.all([
  launcher(),
  cp(join(nodeRoom, 'images'), join(dist, 'images'), { recursive: true }),
  pages(),
  ...['LICENSE', 'README.md'].map((name) => copyFile(join(root, name), join(here, name))),
  writeFile(join(dist, 'THIRD-PARTY-LICENSES.txt'), await licences(meta)),
])
await report()

async function bundle(): Promise<Metafile> {
  const result = await build({
    entryPoints: [
      join(here, 'src/main.ts'),
      join(nodeRoom, 'launcher/helper.ts'),
      join(root, 'packages/executor/src/resource/jq-worker.ts'),
      join(root, 'packages/server/src/archive/archive-worker.ts'),
      join(root, 'packages/server/src/workflows/search/grep-worker.ts'),
    ],
    entryNames: '[name]',
    plugins: [startedByName, namedWhenLoaded, plainBuiltinModules],
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
    // Some libraries are CommonJS and ask for Node's own modules.
    banner: {
      js: "import{createRequire as argosyRequire}from'node:module';const require=argosyRequire(import.meta.url);",
    },
  })
  return result.metafile
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
