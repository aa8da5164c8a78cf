import { isObject, type Json, type JsonObject, type Problem } from '@argosy/engine'

/** What plays an image on this machine; rules are tried in order. */
export type ImageMap = readonly ImageRule[]

export interface ImageRule {
  /** A pattern over the image's name, `*` matching anything. */
  readonly match: string
  /** This machine's own file system, an unpacked image, or, where there are images, another one. */
  readonly run: 'host' | { readonly root: string } | { readonly image: string }
  /** What runs before the container's args when it has no command. */
  readonly entrypoint?: readonly string[]
  /** The args of a container that has neither command nor args. */
  readonly command?: readonly string[]
  /** Directories before the others in PATH. */
  readonly path?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Files of our own inside the container: path to name. Only built-in rules have them. */
  readonly files?: Readonly<Record<string, string>>
  /** Programs of the image that this machine may only have under another name. Only built-in rules have them. */
  readonly instead?: Readonly<Record<string, string>>
  /** There is no program to stand in for this image: the container must bring its command. */
  readonly needsCommand?: boolean
}

/** Reads the parsed `images.yaml`: a list of rules, or a map with that list as `images`. */
export function readImageMap(value: Json | undefined): {
  readonly map: ImageMap
  readonly problems: readonly Problem[]
} {
  if (value === undefined || value === null) return { map: [], problems: [] }
  const list = isObject(value) ? value.images : value
  if (!Array.isArray(list)) {
    return { map: [], problems: [{ path: 'images', message: 'must be a list of rules' }] }
  }
  const problems: Problem[] = []
  const map = list.flatMap((rule, index) => readRule(rule, `images[${index}]`, problems))
  return { map, problems }
}

const lists = ['entrypoint', 'command', 'path'] as const
const known = new Set<string>(['match', 'run', 'env', ...lists])

function readRule(rule: Json, path: string, problems: Problem[]): readonly ImageRule[] {
  if (!isObject(rule)) {
    problems.push({ path, message: 'must be a map' })
    return []
  }
  const found = problemsOf(rule)
  problems.push(...found.map(([field, message]) => ({ path: `${path}.${field}`, message })))
  return found.length > 0 ? [] : [toRule(rule)]
}

function problemsOf(rule: JsonObject): readonly (readonly [string, string])[] {
  const unknown = Object.keys(rule).filter((field) => !known.has(field))
  const badLists = lists.filter((field) => rule[field] !== undefined && !isTexts(rule[field]))
  return [
    ...(typeof rule.match === 'string' && rule.match
      ? []
      : [['match', 'must be a pattern'] as const]),
    ...unknown.map(
      (field) => [field, `unknown field (there are ${[...known].join(', ')})`] as const,
    ),
    ...badLists.map((field) => [field, 'must be a list of texts'] as const),
    ...(isTextMap(rule.env) ? [] : [['env', 'must map names to texts'] as const]),
    ...(isRun(rule.run) ? [] : [['run', runProblem] as const]),
    ...lists
      .filter((field) => rule[field] !== undefined && isObject(rule.run) && rule.run.image)
      .map((field) => [field, 'has no meaning for an image: it has its own'] as const),
  ]
}

const runProblem = 'must be `host`, `{ root: /directory }` or `{ image: NAME }`'

function isRun(run: Json | undefined): boolean {
  if (run === undefined || run === 'host') return true
  if (!isObject(run) || Object.keys(run).length !== 1) return false
  if (typeof run.root === 'string') return run.root.startsWith('/')
  return typeof run.image === 'string' && run.image !== ''
}

function isTexts(value: Json | undefined): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === 'string')
}

function isTextMap(value: Json | undefined): boolean {
  if (value === undefined) return true
  return isObject(value) && Object.values(value).every((one) => typeof one === 'string')
}

/** The checks above are the parser that makes this cast true. */
function toRule(rule: JsonObject): ImageRule {
  return { run: 'host', ...rule } as unknown as ImageRule
}

/** The first rule that matches, by the name as written or as Docker Hub's short name. */
export function findImage(map: ImageMap, image: string): ImageRule | undefined {
  const short = shortName(image)
  return map.find(({ match }) => matches(match, image) || matches(match, short))
}

/** `docker.io/library/busybox:1@sha256:…` → `busybox:1`. */
export function shortName(image: string): string {
  return image
    .replace(/@sha256:.*$/, '')
    .replace(/^(?:(?:index\.)?docker\.io\/)?(?:library\/)?/, '')
}

function matches(pattern: string, name: string): boolean {
  const [head = '', ...rest] = pattern.split('*')
  if (rest.length === 0) return name === head
  if (!name.startsWith(head)) return false
  const tail = rest.pop() ?? ''
  let at = head.length
  for (const part of rest) {
    const found = name.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return name.length - tail.length >= at && name.endsWith(tail)
}
