/** The members that a JSON text gives twice, as `spec.replicas`; each once. The text is known to be JSON. */
export function duplicateFields(text: string): readonly string[] {
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
