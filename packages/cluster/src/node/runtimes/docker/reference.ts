const name = '[a-z0-9]+(?:(?:\\.|__?|-+)[a-z0-9]+)*'
const domain = '(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\\[[0-9a-fA-F:]+\\])(?::\\d+)?/'
const tag = ':[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}'
const digest = '@[A-Za-z][A-Za-z0-9]*:[0-9a-fA-F]{32,}'
const reference = new RegExp(`^(?:${domain})?${name}(?:/${name})*(?:${tag})?(?:${digest})?$`)

/** Can it be the name of an image? */
export function isReference(text: string): boolean {
  return text.length <= 4096 && reference.test(text)
}

export interface SplitReference {
  readonly repository: string
  /** A tag, or a digest where there is one. */
  readonly tag: string
  /** Of the registry, as logins name it. */
  readonly host: string
}

export function splitReference(text: string): SplitReference {
  const [named = '', digestOf] = text.split('@')
  const colon = named.indexOf(':', named.lastIndexOf('/') + 1)
  const repository = colon < 0 ? named : named.slice(0, colon)
  const tagged = colon < 0 ? 'latest' : named.slice(colon + 1)
  return { repository, tag: digestOf ?? tagged, host: hostOf(repository) }
}

const dockerHub = 'docker.io'

/** What stands before the first slash is a host when it could be no part of a name. */
function hostOf(repository: string): string {
  const [first = '', ...rest] = repository.split('/')
  const isHost = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost')
  if (!isHost) return dockerHub
  return first === 'index.docker.io' ? dockerHub : first
}

/** What a kubelet does when a container does not say: an image that may change is asked for each time. */
export function usualPolicy(text: string): 'Always' | 'IfNotPresent' {
  if (text.includes('@')) return 'IfNotPresent'
  return splitReference(text).tag === 'latest' ? 'Always' : 'IfNotPresent'
}
