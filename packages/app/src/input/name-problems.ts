import { isObject, isSubdomain, type JsonObject, type Problem } from '@argosy/engine'

const rule =
  'a name has up to 253 lower case letters, digits, - and ., and begins and ends with a letter or a digit'

/** What the server would refuse of an object before it looks into it: its name, and which version it is of. */
export function nameProblems({ apiVersion, metadata }: JsonObject): readonly Problem[] {
  const { name, generateName } = isObject(metadata) ? metadata : {}
  return [...versionProblems(apiVersion), ...problemsOf(name, generateName)]
}

function versionProblems(apiVersion: unknown): readonly Problem[] {
  if (typeof apiVersion !== 'string' || !apiVersion.startsWith('argoproj.io/')) return []
  const known = 'argoproj.io/v1alpha1'
  return apiVersion === known
    ? []
    : [{ path: 'apiVersion', message: `there is no ${apiVersion}: expected ${known}` }]
}

/** What is no text the schema complains of. */
function problemsOf(name: unknown = '', generateName: unknown = ''): readonly Problem[] {
  if (typeof name !== 'string' || typeof generateName !== 'string') return []
  if (name !== '') return isSubdomain(name) ? [] : [wrong('metadata.name', name)]
  if (generateName === '') {
    return [{ path: 'metadata', message: 'metadata.name or metadata.generateName is required' }]
  }
  // What is too long is cut, and five characters follow.
  const isGood = isSubdomain(`${generateName.slice(0, 58)}x`)
  return isGood ? [] : [wrong('metadata.generateName', generateName)]
}

function wrong(path: string, text: string): Problem {
  const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text
  return { path, message: `${path}: ${JSON.stringify(shown)} is no name: ${rule}` }
}
