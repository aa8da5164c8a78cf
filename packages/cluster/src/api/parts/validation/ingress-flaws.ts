import { isIP } from 'node:net'
import type { Json, JsonObject } from '@argosy/engine'
import { type Flaw, flawOf } from '../schema/flaw.ts'
import { at, objectAt, objectsAt, textAt, textsAt } from '../table/at.ts'
import { domainPath, hostName, portName, serviceName, subdomain } from './name-rules.ts'
import { immutable, oneOf, port, required } from './rules.ts'

/** What is wrong with an Ingress' spec. */
export function ingressFlaws(spec: JsonObject): readonly Flaw[] {
  const rules = objectsAt(spec, 'rules')
  const hasDefault = at(spec, 'defaultBackend') !== undefined
  const why = 'either `defaultBackend` or `rules` must be specified'
  return [
    ...(rules.length === 0 && !hasDefault ? [flawOf.invalid('spec', null, why)] : []),
    ...(hasDefault ? backendFlaws(objectAt(spec, 'defaultBackend'), 'spec.defaultBackend') : []),
    ...subdomain('spec.ingressClassName', spec['ingressClassName']),
    ...rules.flatMap((rule, index) => ruleFlaws(rule, `spec.rules[${index}]`)),
    ...objectsAt(spec, 'tls').flatMap((one, index) => [
      ...textsAt(one, 'hosts').flatMap((host, at) =>
        hostName(`spec.tls[${index}].hosts[${at}]`, host),
      ),
      ...subdomain(`spec.tls[${index}].secretName`, one['secretName']),
    ]),
  ]
}

function backendFlaws(backend: JsonObject, path: string): readonly Flaw[] {
  const [service, resource] = [at(backend, 'service'), at(backend, 'resource')]
  if (service !== undefined && resource !== undefined)
    return [flawOf.invalid(path, '', 'cannot set both resource and service backends')]
  if (service !== undefined) return serviceBackendFlaws(objectAt(backend, 'service'), path)
  if (resource === undefined)
    return [flawOf.invalid(path, '', 'resource or service backend is required')]
  return ['kind', 'name'].flatMap((name) =>
    required(`${path}.resource.${name}`, at(resource, name)),
  )
}

function serviceBackendFlaws(service: JsonObject, path: string): readonly Flaw[] {
  const [name, number] = [textAt(service, 'port', 'name'), at(service, 'port', 'number') ?? 0]
  const here = `${path}.service`
  const isBoth = name !== '' && number !== 0
  const isNone = name === '' && number === 0
  return [
    ...required(`${here}.name`, service['name']),
    ...serviceName(`${here}.name`, service['name']),
    ...(isBoth ? [flawOf.invalid(path, '', 'cannot set both port name & port number')] : []),
    ...(isNone ? [flawOf.required(path, 'port name or number is required')] : []),
    ...portName(`${here}.port.name`, name),
    ...(number === 0 ? [] : port(`${here}.port.number`, number)),
  ]
}

function ruleFlaws(rule: JsonObject, path: string): readonly Flaw[] {
  const host = textAt(rule, 'host')
  const paths = objectsAt(rule, 'http', 'paths')
  const isBare = at(rule, 'http') !== undefined && paths.length === 0
  return [
    ...(isIP(host) === 0
      ? hostName(`${path}.host`, host)
      : [flawOf.invalid(`${path}.host`, host, 'must be a DNS name, not an IP address')]),
    ...(isBare ? [flawOf.required(`${path}.http.paths`)] : []),
    ...paths.flatMap((one, index) => pathFlaws(one, `${path}.http.paths[${index}]`)),
  ]
}

const pathTypes = oneOf(['Exact', 'ImplementationSpecific', 'Prefix'])
const never = ['//', '/./', '/../', '%2f', '%2F']
const neverLast = ['/..', '/.']

function pathFlaws(one: JsonObject, path: string): readonly Flaw[] {
  const { pathType } = one
  return [
    ...required(`${path}.pathType`, pathType, 'pathType must be specified'),
    ...pathTypes(`${path}.pathType`, pathType),
    ...wayFlaws(textAt(one, 'path'), pathType, `${path}.path`),
    ...backendFlaws(objectAt(one, 'backend'), `${path}.backend`),
  ]
}

function wayFlaws(way: string, type: Json | undefined, path: string): readonly Flaw[] {
  const isStrict = type === 'Exact' || type === 'Prefix'
  if (!way.startsWith('/'))
    return isStrict || (way !== '' && type === 'ImplementationSpecific')
      ? [flawOf.invalid(path, way, 'must be an absolute path')]
      : []
  if (!isStrict) return []
  return [
    ...never
      .filter((part) => way.includes(part))
      .map((part) => flawOf.invalid(path, way, `must not contain '${part}'`)),
    ...neverLast
      .filter((part) => way.endsWith(part))
      .map((part) => flawOf.invalid(path, way, `cannot end with '${part}'`)),
  ]
}

const scopes = oneOf(['Cluster', 'Namespace'])

/** What is wrong with an IngressClass' spec. */
export function ingressClassFlaws(spec: JsonObject, old: JsonObject | undefined): readonly Flaw[] {
  const parameters = at(spec, 'parameters')
  const { controller } = spec
  return [
    ...((controller ?? '') === ''
      ? [flawOf.required('spec.controller')]
      : domainPath('spec.controller', controller)),
    ...(old ? immutable('spec.controller', controller, old['controller']) : []),
    ...(parameters === undefined
      ? []
      : [
          ...required('spec.parameters.kind', at(parameters, 'kind')),
          ...required('spec.parameters.name', at(parameters, 'name')),
          ...scopes('spec.parameters.scope', at(parameters, 'scope')),
        ]),
  ]
}
