import { isObject, type Json } from '@argosy/engine'

/**
 * The members that a JSON text gives twice, as `spec.replicas`; each once. `value` is what the text says: it has as many
 * members as the text unless there are such, which is cheaper to see than to find them.
 */
export function duplicateFields(text: string, value: Json): readonly string[] {
  return namesIn(text) === membersIn(value) ? [] : namedTwice(text)
}

/** What separates is this or less, and nothing else outside of texts is. */
const space = 0x20

/** How many members the objects of a JSON text have. */
function namesIn(text: string): number {
  let names = 0
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at)) {
    at = endOfString(text, at)
    while (text.charCodeAt(at) <= space) at += 1
    if (text[at] === ':') names += 1
  }
  return names
}

/** Behind the quote that ends the string which begins there. */
function endOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let slashes = 0
    while (text[at - 1 - slashes] === '\\') slashes += 1
    if (slashes % 2 === 0) return at + 1
  }
  return text.length
}

function membersIn(value: Json | undefined): number {
  if (Array.isArray(value)) {
    return value.reduce<number>((sum, item) => sum + membersIn(item), 0)
  }
  if (!isObject(value)) return 0
  let members = 0
  for (const name of Object.keys(value)) members += 1 + membersIn(value[name])
  return members
}

function namedTwice(text: string): readonly string[] {
  const found = new Set<string>()
  const stack: Level[] = []
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{},:]/g)) {
    const top = stack.at(-1)
    const open = opened(token, top)
    if (open) stack.push(open)
    else if (token === '}' || token === ']') stack.pop()
    else if (token === ',') goOn(top)
    else if (token !== ':' && top?.isName) enter(top, JSON.parse(token) as string, found)
  }
  return [...found]
}

function opened(token: string, top: Level | undefined): Level | undefined {
  if (token === '{') return { path: pathOf(top), names: new Set(), index: -1, isName: true }
  return token === '[' ? { path: pathOf(top), index: 0, isName: false } : undefined
}

/** Where the reading is: within an object, which has names, or within a list. */
interface Level {
  readonly path: string
  readonly names?: Set<string>
  name?: string
  index: number
  /** Whether the next text is a name. */
  isName: boolean
}

function pathOf(level: Level | undefined): string {
  if (level === undefined) return ''
  if (!level.names) return `${level.path}[${level.index}]`
  const name = level.name ?? ''
  return level.path === '' ? name : `${level.path}.${name}`
}

/** After a comma comes a name in an object, and the next item in a list. */
function goOn(level: Level | undefined): void {
  if (level?.names) level.isName = true
  else if (level) level.index += 1
}

function enter(level: Level, name: string, found: Set<string>): void {
  level.isName = false
  level.name = name
  if (level.names?.has(name)) found.add(pathOf(level))
  level.names?.add(name)
}
