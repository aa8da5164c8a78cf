import type { JsonObject } from '@argosy/engine'
import { type Flaw, flawOf } from '../schema/flaw.ts'
import { at, objectAt, objectsAt, textAt, textsAt } from '../table/at.ts'
import { serviceName, subdomain } from './name-rules.ts'
import { oneOf, port, required } from './rules.ts'
import { labelSelectorFlaws } from './selector-flaws.ts'

const failures = oneOf(['Fail', 'Ignore'])
const matches = oneOf(['Equivalent', 'Exact'])
const effects = oneOf(['None', 'NoneOnDryRun'])
const invocations = oneOf(['IfNeeded', 'Never'])
const operations = oneOf(['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE'])
const scopes = oneOf(['*', 'Cluster', 'Namespaced'])

/** What is wrong with a validating or mutating webhook configuration. */
export function webhookFlaws(object: JsonObject): readonly Flaw[] {
  const names = new Set<string>()
  return objectsAt(object, 'webhooks').flatMap((webhook, index) => {
    const path = `webhooks[${index}]`
    const name = textAt(webhook, 'name')
    const isTaken = name !== '' && names.has(name)
    names.add(name)
    return [
      ...oneFlaws(webhook, path),
      ...versionFlaws(webhook, `${path}.admissionReviewVersions`),
      ...(isTaken ? [flawOf.duplicate(`${path}.name`, name)] : []),
    ]
  })
}

function oneFlaws(webhook: JsonObject, path: string): readonly Flaw[] {
  const { failurePolicy, matchPolicy, reinvocationPolicy, sideEffects, timeoutSeconds } = webhook
  const isOddTime =
    typeof timeoutSeconds === 'number' && (timeoutSeconds > 30 || timeoutSeconds < 1)
  const time = 'the timeout value must be between 1 and 30 seconds'
  return [
    ...nameFlaws(textAt(webhook, 'name'), `${path}.name`),
    ...objectsAt(webhook, 'rules').flatMap((rule, index) =>
      ruleFlaws(rule, `${path}.rules[${index}]`),
    ),
    ...failures(`${path}.failurePolicy`, failurePolicy),
    ...matches(`${path}.matchPolicy`, matchPolicy),
    ...required(`${path}.sideEffects`, sideEffects, 'must specify one of None, NoneOnDryRun'),
    ...effects(`${path}.sideEffects`, sideEffects),
    ...(isOddTime ? [flawOf.invalid(`${path}.timeoutSeconds`, timeoutSeconds, time)] : []),
    ...['namespaceSelector', 'objectSelector'].flatMap((name) =>
      labelSelectorFlaws(objectAt(webhook, name), `${path}.${name}`),
    ),
    ...invocations(`${path}.reinvocationPolicy`, reinvocationPolicy),
    ...clientFlaws(objectAt(webhook, 'clientConfig'), `${path}.clientConfig`),
  ]
}

function nameFlaws(name: string, path: string): readonly Flaw[] {
  if (name === '') return [flawOf.required(path)]
  const why = 'should be a domain with at least three segments separated by dots'
  const flaws = subdomain(path, name)
  return flaws.length === 0 && name.split('.').length < 3
    ? [flawOf.invalid(path, name, why)]
    : flaws
}

function versionFlaws(webhook: JsonObject, path: string): readonly Flaw[] {
  const versions = textsAt(webhook, 'admissionReviewVersions')
  const spoken = ['v1', 'v1beta1']
  if (versions.length === 0)
    return [flawOf.required(path, `must specify one of ${spoken.join(', ')}`)]
  const isOdd = !versions.some((version) => spoken.includes(version))
  return [
    ...versions.flatMap((version, index) =>
      versions.indexOf(version) < index
        ? [flawOf.invalid(`${path}[${index}]`, version, 'duplicate version')]
        : serviceName(`${path}[${index}]`, version),
    ),
    ...(isOdd
      ? [flawOf.invalid(path, versions, `must include at least one of ${spoken.join(', ')}`)]
      : []),
  ]
}

function ruleFlaws(rule: JsonObject, path: string): readonly Flaw[] {
  return [
    ...listFlaws(rule, 'operations', path, 'operations'),
    ...textsAt(rule, 'operations').flatMap((one, index) =>
      operations(`${path}.operations[${index}]`, one),
    ),
    ...listFlaws(rule, 'apiGroups', path, 'API groups'),
    ...listFlaws(rule, 'apiVersions', path, 'API versions'),
    ...textsAt(rule, 'apiVersions').flatMap((one, index) =>
      required(`${path}.apiVersions[${index}]`, one),
    ),
    ...resourceFlaws(textsAt(rule, 'resources'), `${path}.resources`),
    ...scopes(`${path}.scope`, rule['scope']),
  ]
}

function listFlaws(rule: JsonObject, name: string, path: string, words: string): readonly Flaw[] {
  const list = textsAt(rule, name)
  const here = `${path}.${name}`
  if (list.length === 0) return [flawOf.required(here)]
  if (list.length === 1 || !list.includes('*')) return []
  return [flawOf.invalid(here, list, `if '*' is present, must not specify other ${words}`)]
}

function resourceFlaws(resources: readonly string[], path: string): readonly Flaw[] {
  if (resources.length === 0) return [flawOf.required(path)]
  const plain = resources.filter((one) => one !== '' && !one.includes('/'))
  const isAll = resources.length > 1 && resources.includes('*/*')
  const isWide = plain.includes('*') && plain.at(-1) !== '*'
  const wide = "if '*' is present, must not specify other resources without subresources"
  return [
    ...resources.flatMap((one, index) =>
      coveredFlaws(one, resources.slice(0, index), `${path}[${index}]`),
    ),
    ...(isAll
      ? [flawOf.invalid(path, resources, "if '*/*' is present, must not specify other resources")]
      : []),
    ...(isWide ? [flawOf.invalid(path, resources, wide)] : []),
  ]
}

/** A part that an earlier star has already. */
function coveredFlaws(one: string, before: readonly string[], path: string): readonly Flaw[] {
  if (one === '') return [flawOf.required(path)]
  const [resource, ...rest] = one.split('/')
  if (rest.length === 0) return []
  return [`${resource}/*`, `*/${rest.join('/')}`]
    .filter((star) => before.includes(star))
    .map((star) => flawOf.invalid(path, one, `if '${star}' is present, must not specify ${one}`))
}

function clientFlaws(client: JsonObject, path: string): readonly Flaw[] {
  const [url, service] = [at(client, 'url'), at(client, 'service')]
  if ((url === undefined) === (service === undefined))
    return [flawOf.required(path, 'exactly one of url or service is required')]
  return url === undefined
    ? serviceFlaws(objectAt(client, 'service'), `${path}.service`)
    : urlFlaws(String(url), `${path}.url`)
}

const form = '; desired format: https://host[/path]'

function urlFlaws(text: string, path: string): readonly Flaw[] {
  const {
    scheme = '',
    user = '',
    host = '',
    query = '',
    fragment = '',
  } = /^(?:(?<scheme>[a-z][a-z0-9+.-]*):)?(?:\/\/(?:(?<user>[^/?#@]*)@)?(?<host>[^/?#]*))?[^?#]*(?:\?(?<query>[^#]*))?(?:#(?<fragment>.*))?$/i.exec(
    text,
  )?.groups ?? {}
  const scheming = `'https' is the only allowed URL scheme${form}`
  return [
    ...(scheme === 'https' ? [] : [flawOf.invalid(path, scheme, scheming)]),
    ...(host === '' ? [flawOf.invalid(path, host, `host must be specified${form}`)] : []),
    ...(user === ''
      ? []
      : [flawOf.invalid(path, user, 'user information is not permitted in the URL')]),
    ...(fragment === ''
      ? []
      : [flawOf.invalid(path, fragment, 'fragments are not permitted in the URL')]),
    ...(query === ''
      ? []
      : [flawOf.invalid(path, query, 'query parameters are not permitted in the URL')]),
  ]
}

function serviceFlaws(service: JsonObject, path: string): readonly Flaw[] {
  const number = service['port'] ?? 443
  return [
    ...required(`${path}.name`, service['name']),
    ...required(`${path}.namespace`, service['namespace']),
    ...port(`${path}.port`, number).map(() =>
      flawOf.invalid(
        `${path}.port`,
        number,
        'port is not valid: must be between 1 and 65535, inclusive',
      ),
    ),
    ...pathFlaws(textAt(service, 'path'), `${path}.path`),
  ]
}

function pathFlaws(text: string, path: string): readonly Flaw[] {
  if (text === '' || text === '/') return []
  if (text === '//') return [flawOf.invalid(path, text, 'segment[0] may not be empty')]
  const segments = text.slice(1).replace(/\/$/, '').split('/')
  return [
    ...(text.startsWith('/') ? [] : [flawOf.invalid(path, text, "must start with a '/'")]),
    ...segments.flatMap((segment, index) => {
      if (segment === '') return [flawOf.invalid(path, text, `segment[${index}] may not be empty`)]
      return subdomain(path, segment).map(({ message }) => {
        const why = message.replace(/^Invalid value: "(?:[^"\\]|\\.)*": /, '')
        return flawOf.invalid(path, text, `segment[${index}]: ${why}`)
      })
    }),
  ]
}
