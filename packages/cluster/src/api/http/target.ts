/** What a path of the Kubernetes API names. */
export type Target = ResourceTarget | GroupTarget | OtherTarget

/** A collection, an object of it, or a part of an object. */
export interface ResourceTarget {
  readonly type: 'resource'
  readonly group: string
  readonly version: string
  readonly plural: string
  readonly namespace?: string
  readonly name?: string
  readonly subresource?: string
  /** What follows the subresource, as in `proxy/some/path`. */
  readonly rest?: string
}

/** `/api`, `/apis`, a group, or a group's version. */
export interface GroupTarget {
  readonly type: 'group'
  readonly root: 'api' | 'apis'
  readonly group?: string
  readonly version?: string
}

interface OtherTarget {
  readonly type: 'other'
}

/** Reads a path, decoded; trailing slashes do not count. Undefined: no such path can be. */
export function targetOf(path: string): Target | undefined {
  const segments = segmentsOf(path)
  if (!segments) return undefined
  const [root, ...rest] = segments
  if (root === 'api') return apiTarget('', 'api', rest)
  if (root !== 'apis') return { type: 'other' }
  const [group, ...inner] = rest
  if (group === undefined) return { type: 'group', root }
  return apiTarget(group, 'apis', inner)
}

function segmentsOf(path: string): string[] | undefined {
  try {
    const segments = path.split('/').filter((segment) => segment !== '')
    return path.includes('%') ? segments.map(decodeURIComponent) : segments
  } catch {
    return undefined
  }
}

function apiTarget(group: string, root: 'api' | 'apis', segments: readonly string[]): Target {
  const [version, ...rest] = segments
  const named = group === '' ? {} : { group }
  if (version === undefined) return { type: 'group', root, ...named }
  if (rest.length === 0) return { type: 'group', root, ...named, version }
  return resourceTarget(group, version, rest)
}

/** `namespaces/x/status` is a part of the namespace, all else below it is content. */
const partsOfNamespaces = ['status', 'finalize']

function resourceTarget(
  group: string,
  version: string,
  segments: readonly string[],
): ResourceTarget {
  const [first = '', namespace = '', inner] = segments
  const isContent =
    first === 'namespaces' &&
    inner !== undefined &&
    !(segments.length === 3 && group === '' && partsOfNamespaces.includes(inner))
  const [plural = '', name, subresource, ...rest] = isContent ? segments.slice(2) : segments
  return {
    type: 'resource',
    group,
    version,
    plural,
    ...(isContent && { namespace }),
    ...(name !== undefined && { name }),
    ...(subresource !== undefined && { subresource }),
    ...(rest.length > 0 && { rest: rest.join('/') }),
  }
}
