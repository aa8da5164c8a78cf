import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, extname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Plugin } from 'esbuild'

const ours = 'named-when-loaded'
const identifier = /^[A-Za-z_$][\w$]*$/

/**
 * A CommonJS package that is loaded by `import()` has names in Node, which reads them off its source; in a bundle of
 * esbuild's it has a default alone. So each is loaded once while building, and what it was found to have is named.
 */
export const namedWhenLoaded: Plugin = {
  name: ours,
  setup({ onResolve, onLoad, resolve }) {
    onResolve({ filter: /^[@\w]/ }, async ({ kind, path, resolveDir, importer, pluginData }) => {
      if (kind !== 'dynamic-import' || pluginData === ours) return undefined
      const found = await resolve(path, { kind, resolveDir, importer, pluginData: ours })
      if (found.external || found.errors.length > 0 || !isCommonJs(found.path)) return undefined
      const names = await namesIn(found.path).catch((error: unknown) => {
        // Packages are lenient with their own: what is no CommonJS in spite of its name has names in a bundle too.
        if (!importer.includes('node_modules')) throw error
        return undefined
      })
      return names && { path: found.path, namespace: ours, pluginData: names }
    })
    onLoad({ filter: /./, namespace: ours }, ({ path, pluginData }) => {
      const source = JSON.stringify(path)
      const named = (pluginData as readonly string[]).map((name) =>
        name === 'default'
          ? 'export default all.default'
          : `const a_${name} = all[${JSON.stringify(name)}]; export { a_${name} as ${name} }`,
      )
      const contents = [`import ${source}`, `import * as all from ${source}`, ...named].join('\n')
      return { contents, resolveDir: dirname(path), loader: 'js' }
    })
  },
}

async function namesIn(path: string): Promise<readonly string[]> {
  // What others of them (@peculiar/x509) want to find when they are loaded.
  createRequire(import.meta.url)('reflect-metadata')
  const module = (await import(pathToFileURL(path).href)) as object
  return Object.keys(module).filter((name) => identifier.test(name))
}

function isCommonJs(file: string): boolean {
  const extension = extname(file)
  if (extension !== '.js') return extension === '.cjs'
  for (let at = dirname(file); at !== dirname(at); at = dirname(at)) {
    const description = join(at, 'package.json')
    if (!existsSync(description)) continue
    const { type } = JSON.parse(readFileSync(description, 'utf8')) as { type?: string }
    return type !== 'module'
  }
  return true
}
