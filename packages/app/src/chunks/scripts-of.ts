import type { AnyNode, ExportNamedDeclaration, ImportDeclaration } from 'acorn'
import { type ModuleFacts, moduleFacts, type Use } from './module-facts.ts'
import { scriptStart } from './script-start.ts'

const reserved = /^argosy(Chunk|Later|Url|Default|\$\d+)$/

/**
 * The chunks of the bundle, modules, as scripts. Of a module Node keeps for the next process what its head is compiled to;
 * of a script one can keep all that was ever used.
 *
 * 1. What a name of another chunk means is looked up once, when a chunk begins: chunks do not import each other in a circle.
 * 2. A name that its chunk may give a value later is looked up wherever it stands.
 * 3. Whatever the bundler never wrote until now is an error of the build, not of a user.
 */
export function scriptsOf(chunks: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const bundle = new Bundle(chunks)
  return new Map([...chunks.keys()].map((name) => [name, bundle.scriptOf(name)]))
}

/** From, to, and what stands there instead. */
type Cut = readonly [number, number, string]

class Bundle {
  readonly #chunks: ReadonlyMap<string, string>
  readonly #facts = new Map<string, ModuleFacts>()
  readonly #changing = new Map<string, ReadonlySet<string> | 'asked'>()

  constructor(chunks: ReadonlyMap<string, string>) {
    this.#chunks = chunks
  }

  scriptOf(name: string): string {
    const { program, nodes, uses } = this.#factsOf(name)
    for (const used of uses.keys()) {
      if (reserved.test(used)) throw new Error(`${name} has a name of ours: ${used}`)
    }
    const head: string[] = []
    const cuts: Cut[] = []
    for (const node of program.body) {
      if (node.type === 'ImportDeclaration') {
        const { text, replaced } = this.#importOf(node, `argosy$${head.length}`, uses)
        head.push(text)
        cuts.push(...replaced)
      }
      cuts.push(...cutOfStatement(node))
    }
    for (const node of nodes) cuts.push(...cutOf(node))
    const body = head.join('') + spliced(this.#textOf(name), cuts)
    return `${scriptStart}${body}\nreturn{${this.#givenBy(name).join(',')}}})`
  }

  #textOf(name: string): string {
    const text = this.#chunks.get(name)
    if (text === undefined) throw new Error(`there is no chunk ${name}`)
    return text
  }

  #factsOf(name: string): ModuleFacts {
    const known = this.#facts.get(name)
    if (known) return known
    const facts = moduleFacts(this.#textOf(name))
    this.#facts.set(name, facts)
    return facts
  }

  /** What of a chunk's names may change after it has been run; those that it only hands on included. */
  #changingOf(name: string): ReadonlySet<string> {
    const known = this.#changing.get(name)
    if (known === 'asked') throw new Error(`${name} imports itself, through others`)
    if (known) return known
    this.#changing.set(name, 'asked')
    const facts = this.#factsOf(name)
    const handedOn = this.#handedOn(facts)
    const names = exportsOf(facts)
      .filter(({ local }) => facts.assignedLater.has(local) || handedOn.has(local))
      .map((given) => given.name)
    const changing = new Set(names)
    this.#changing.set(name, changing)
    return changing
  }

  /** The names by which a chunk knows what others change. */
  #handedOn({ program }: ModuleFacts): ReadonlyMap<string, string> {
    const found = new Map<string, string>()
    const imports = program.body.filter((node) => node.type === 'ImportDeclaration')
    for (const [at, node] of imports.entries()) {
      const changing = this.#changingOf(chunkOf(node.source.value))
      for (const { name, local } of importsOf(node)) {
        if (changing.has(name)) found.set(local, `argosy$${at}.${name}`)
      }
    }
    return found
  }

  #importOf(node: ImportDeclaration, variable: string, uses: ModuleFacts['uses']) {
    const chunk = chunkOf(node.source.value)
    const call = `argosyChunk(${JSON.stringify(chunk)})`
    const changing = this.#changingOf(chunk)
    const all = importsOf(node)
    const kept = all.filter(({ name }) => !changing.has(name))
    const replaced = all
      .filter(({ name }) => changing.has(name))
      .flatMap(({ name, local }) =>
        (uses.get(local) ?? []).map((use) => lookUp(use, `${variable}.${name}`)),
      )
    const names = kept.map(({ name, local }) => (name === local ? name : `${name}:${local}`))
    if (all.length === 0) return { text: `${call};`, replaced }
    if (kept.length === all.length) return { text: `var{${names.join(',')}}=${call};`, replaced }
    return { text: `var ${variable}=${call},{${names.join(',')}}=${variable};`, replaced }
  }

  #givenBy(name: string): readonly string[] {
    const facts = this.#factsOf(name)
    const changing = this.#changingOf(name)
    const handedOn = this.#handedOn(facts)
    return exportsOf(facts).map((given) =>
      changing.has(given.name)
        ? `get ${given.name}(){return ${handedOn.get(given.local) ?? given.local}}`
        : `${given.name}:${given.local}`,
    )
  }
}

function cutOfStatement(node: AnyNode): readonly Cut[] {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
      return [[node.start, node.end, '']]
    case 'ExportDefaultDeclaration':
      if (node.declaration.type.endsWith('Declaration')) throw unknown(node)
      return [[node.start, node.declaration.start, 'var argosyDefault=']]
    case 'ExportAllDeclaration':
      throw unknown(node)
    default:
      return []
  }
}

/** A name of another chunk, looked up where it stands. */
function lookUp({ node, parent }: Use, text: string): Cut {
  const { start, end, name } = node
  if (parent.type === 'Property' && parent.shorthand) return [start, end, `${name}:${text}`]
  if (isDeclared({ node, parent })) throw unknown(node)
  const isCalled = parent.type === 'CallExpression' && parent.callee === node
  const needsNoThis = isCalled || parent.type === 'TaggedTemplateExpression'
  return [start, end, needsNoThis ? `(0,${text})` : text]
}

/** The bundler gives no inner thing the name of an outer one: that would be an error. */
function isDeclared({ node, parent }: Use): boolean {
  switch (parent.type) {
    case 'VariableDeclarator':
      return parent.id === node
    case 'ArrowFunctionExpression':
      return parent.body !== node
    case 'ClassDeclaration':
    case 'ClassExpression':
      return parent.superClass !== node
    case 'AssignmentPattern':
      return parent.right !== node
    case 'CatchClause':
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrayPattern':
    case 'RestElement':
      return true
    default:
      return false
  }
}

const ofImportMeta: Readonly<Record<string, string>> = { url: 'argosyUrl', dirname: '__dirname' }

function cutOf(node: AnyNode): readonly Cut[] {
  // The bundler writes ASCII alone, but for these.
  if (node.type === 'Literal' && node.regex) return [[node.start, node.end, ascii(node.raw ?? '')]]
  if (node.type === 'ImportExpression') {
    if (node.options || node.source.type !== 'Literal') throw unknown(node)
    return [
      [node.start, node.source.start, 'argosyLater('],
      [node.source.start, node.source.end, JSON.stringify(laterOf(node.source.value))],
    ]
  }
  if (node.type !== 'MemberExpression' || node.object.type !== 'MetaProperty') return []
  if (node.object.meta.name !== 'import') return []
  const given = ofImportMeta[nameOf(node.property)]
  if (given === undefined) throw unknown(node)
  return [[node.start, node.end, given]]
}

function ascii(text: string): string {
  return text.replace(
    /[^\0-\x7f]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

interface Named {
  readonly name: string
  readonly local: string
}

function importsOf({ specifiers }: ImportDeclaration): readonly Named[] {
  return specifiers.map((one) => {
    if (one.type === 'ImportNamespaceSpecifier') throw unknown(one)
    const name = one.type === 'ImportDefaultSpecifier' ? 'default' : nameOf(one.imported)
    return { name, local: one.local.name }
  })
}

function exportsOf({ program }: ModuleFacts): readonly Named[] {
  return program.body.flatMap((node) => {
    if (node.type === 'ExportDefaultDeclaration')
      return [{ name: 'default', local: 'argosyDefault' }]
    return node.type === 'ExportNamedDeclaration' ? namesGiven(node) : []
  })
}

function namesGiven(node: ExportNamedDeclaration): readonly Named[] {
  if (node.declaration || node.source) throw unknown(node)
  return node.specifiers.map((one) => ({ name: nameOf(one.exported), local: nameOf(one.local) }))
}

function nameOf(node: AnyNode): string {
  if (node.type !== 'Identifier') throw unknown(node)
  return node.name
}

function chunkOf(source: unknown): string {
  const [, name] = /^\.\/([\w.-]+\.js)$/.exec(String(source)) ?? []
  if (name === undefined) throw new Error(`a chunk imports ${String(source)}, which is none`)
  return name
}

/** A chunk, or a module of Node's own. */
function laterOf(source: unknown): string {
  return String(source).startsWith('node:') ? String(source) : chunkOf(source)
}

function spliced(text: string, cuts: readonly Cut[]): string {
  let at = 0
  const parts = [...cuts]
    .sort(([a], [b]) => a - b)
    .map(([start, end, instead]) => {
      const before = text.slice(at, start)
      at = end
      return before + instead
    })
  return parts.join('') + text.slice(at)
}

function unknown({ type, start }: AnyNode): Error {
  return new Error(`the bundler wrote a ${type} at ${start}, of which no script can be made`)
}
