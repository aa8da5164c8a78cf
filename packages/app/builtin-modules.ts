import { builtinModules } from 'node:module'
import type { Plugin } from 'esbuild'

const ours = 'builtin-modules'
const identifier = /^[A-Za-z_$][\w$]*$/

/**
 * Slow to load, and there is a command that needs none of it: each is loaded when something of it is first used. Of
 * `node:fs` it is `ReadStream`, with all that streams are made of.
 */
const heavy = new Set(
  [
    ...['child_process', 'crypto', 'dns', 'dns/promises', 'fs', 'fs/promises', 'http', 'http2'],
    ...['https', 'net', 'perf_hooks', 'stream/consumers', 'stream/promises', 'timers/promises'],
    ...['tls', 'zlib'],
  ].map((name) => `node:${name}`),
)

/**
 * Takes of Node's own modules what is used. An `import` of one makes a namespace of all that it has, which loads what that
 * is made of: `node:http` alone brings a whole client for the WebSocket that it also offers, a tenth of a cold start.
 */
export const plainBuiltinModules: Plugin = {
  name: ours,
  setup({ onResolve, onLoad }) {
    const known = new Set(builtinModules)
    onResolve({ filter: /^(node:)?[a-z0-9_]+(\/[a-z]+)?$/ }, ({ kind, path }) => {
      const name = path.replace(/^node:/, '')
      // Some are known by their long name only: node:sqlite, node:test.
      if (kind !== 'import-statement' || !(path.startsWith('node:') || known.has(name))) return
      return { path: `node:${name}`, namespace: ours, sideEffects: false }
    })
    onLoad({ filter: /./, namespace: ours }, ({ path }) => ({
      contents: heavy.has(path) ? lateSourceOf(path) : sourceOf(path),
      loader: 'js',
    }))
  },
}

function namesOf(path: string): readonly string[] {
  const names = Object.keys(process.getBuiltinModule(path) ?? {})
  return names.filter((name) => identifier.test(name) && name !== 'default')
}

/** A CommonJS module: what is imported of it is looked up where it is used. */
function lateSourceOf(path: string): string {
  const getters = namesOf(path).map((name) => `get ${name}() { return all().${name} }`)
  return [
    'let known',
    `const all = () => (known ??= process.getBuiltinModule(${JSON.stringify(path)}))`,
    `module.exports = { ${getters.join(', ')} }`,
  ].join('\n')
}

/** What is pure and not used falls away. */
function sourceOf(path: string): string {
  return [
    `const all = /* @__PURE__ */ process.getBuiltinModule(${JSON.stringify(path)})`,
    'const taken = (name) => all[name]',
    'export default all',
    ...namesOf(path).map(
      (name) =>
        `const a_${name} = /* @__PURE__ */ taken(${JSON.stringify(name)}); export { a_${name} as ${name} }`,
    ),
  ].join('\n')
}
