import { StatusError } from '@argosy/kube'

/** What an object is shown as. */
export type Form = 'object' | 'table' | 'metadata'

interface Wanted {
  readonly type: string
  readonly parameters: ReadonlyMap<string, string>
}

const forms: ReadonlyMap<string | undefined, Form> = new Map([
  [undefined, 'object'],
  ['Table', 'table'],
  ['PartialObjectMetadata', 'metadata'],
  ['PartialObjectMetadataList', 'metadata'],
])

/** The first form that we have among those that a client takes; all are JSON. Throws `NotAcceptable`. */
export function formOf(accept: string | undefined): Form {
  const wanted = mediaTypes(accept)
  if (wanted.length === 0) return 'object'
  for (const { type, parameters } of wanted) {
    if (type === '*/*' || type === 'application/*') return 'object'
    if (type !== 'application/json') continue
    const form = forms.get(parameters.get('as'))
    if (form && parameters.get('g') !== 'apidiscovery.k8s.io') return form
  }
  throw notAcceptable()
}

/** For aggregated discovery: the version of it that a client wants, if any. */
export function discoveryVersion(accept: string | undefined): 'v2' | 'v2beta1' | undefined {
  for (const { type, parameters } of mediaTypes(accept)) {
    if (type !== 'application/json') continue
    if (parameters.get('as') !== 'APIGroupDiscoveryList') return undefined
    const version = parameters.get('v')
    if (version === 'v2' || version === 'v2beta1') return version
  }
  return undefined
}

/** Whether something of this type may be answered. */
export function accepts(accept: string | undefined, type: string): boolean {
  const wanted = mediaTypes(accept)
  return wanted.length === 0 || wanted.some((one) => one.type === type || one.type === '*/*')
}

function mediaTypes(accept: string | undefined): readonly Wanted[] {
  return (accept ?? '')
    .split(',')
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .map((text) => {
      const [type = '', ...parameters] = text.split(';').map((part) => part.trim())
      const pairs = parameters.map((part) => part.split('=') as [string, string?])
      return {
        type: type.toLowerCase(),
        parameters: new Map(pairs.map(([name, value = '']) => [name, value])),
      }
    })
}

function notAcceptable(): StatusError {
  return new StatusError(
    'NotAcceptable',
    'only the following media types are accepted: application/json, application/json;as=Table;g=meta.k8s.io;v=v1, application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1',
  )
}
