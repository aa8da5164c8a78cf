import { flowId } from '../graph/flow-shape.ts'

/** A page and what its path says. */
export type Route =
  | { readonly page: 'runs'; readonly namespace: string }
  | { readonly page: 'run'; readonly namespace: string; readonly name: string }
  | { readonly page: 'submit' }
  | { readonly page: 'templates'; readonly kind: TemplateKind; readonly namespace: string }
  | {
      readonly page: 'template'
      readonly kind: TemplateKind
      readonly namespace: string
      readonly name: string
    }
  | { readonly page: 'archived'; readonly namespace: string }
  | { readonly page: 'event-flow'; readonly namespace: string; readonly chosen?: string }
  | { readonly page: 'settings' }
  | { readonly page: 'login' }
  | { readonly page: 'api-docs' }
  | { readonly page: 'unknown' }

/** The kinds of things that runs are made from; upstream's path segments. */
export const templateKinds = [
  'workflow-templates',
  'cluster-workflow-templates',
  'cron-workflows',
] as const

export type TemplateKind = (typeof templateKinds)[number]

/** The same page of the one namespace that a server is for, where the path names none. */
export function withinNamespace(route: Route, managed: string): Route {
  if (managed === '' || !('namespace' in route) || route.namespace !== '') return route
  const isClusterWide = 'kind' in route && route.kind === 'cluster-workflow-templates'
  return isClusterWide ? route : { ...route, namespace: managed }
}

/** Upstream's paths, so that old links find their page. */
export function routeOf(path: string): Route {
  const [first = '', second = '', third] = path.split('/').map(decoded)
  const kind = templateKinds.find((one) => one === first)
  if (kind) return templateRoute(kind, second, third)
  switch (first) {
    case '':
    case 'workflows':
      return third === undefined
        ? { page: 'runs', namespace: second }
        : { page: 'run', namespace: second, name: third }
    case 'submit':
      return { page: 'submit' }
    case 'archived-workflows':
      return { page: 'archived', namespace: second }
    case 'event-flow':
    case 'workflow-event-bindings':
      return { page: 'event-flow', namespace: second }
    case 'event-sources':
    case 'sensors':
      return eventRoute(first, second, third)
    case 'settings':
    case 'userinfo':
      return { page: 'settings' }
    case 'login':
      return { page: 'login' }
    case 'apidocs':
      return { page: 'api-docs' }
    default:
      return { page: 'unknown' }
  }
}

function templateRoute(kind: TemplateKind, second: string, third: string | undefined): Route {
  if (kind === 'cluster-workflow-templates') {
    return second
      ? { page: 'template', kind, namespace: '', name: second }
      : { page: 'templates', kind, namespace: '' }
  }
  return third === undefined
    ? { page: 'templates', kind, namespace: second }
    : { page: 'template', kind, namespace: second, name: third }
}

/** Upstream has pages of their own for these; here the flow shows them. */
function eventRoute(first: string, namespace: string, name: string | undefined): Route {
  if (name === undefined) return { page: 'event-flow', namespace }
  const genre = first === 'sensors' ? 'sensor' : 'source'
  return { page: 'event-flow', namespace, chosen: flowId(genre, namespace, name) }
}

/** A path segment that is no proper escape is taken as it stands. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

/** Where a run is. */
export function runPath(namespace: string, name: string): string {
  return `workflows/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}`
}
