import type { JsonObject } from '@argosy/engine'
import { type Flaw, flawOf } from '../schema/flaw.ts'
import { at, objectAt, objectsAt, textsAt } from '../table/at.ts'
import { searchDomain, subdomain } from './name-rules.ts'
import { ip, oneOf, required } from './rules.ts'

const policies = oneOf(['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'])

const mostServers = 3
const mostSearches = 32
const mostLetters = 2048

/** What is wrong with how a pod finds names. */
export function dnsFlaws(spec: JsonObject, path: string): readonly Flaw[] {
  const config = at(spec, 'dnsConfig')
  return [
    ...policies(`${path}.dnsPolicy`, spec['dnsPolicy']),
    ...(spec['dnsPolicy'] === 'None' ? needFlaws(spec, `${path}.dnsConfig`) : []),
    ...(config === undefined ? [] : configFlaws(objectAt(spec, 'dnsConfig'), `${path}.dnsConfig`)),
    ...objectsAt(spec, 'hostAliases').flatMap((alias, index) =>
      aliasFlaws(alias, `${path}.hostAliases[${index}]`),
    ),
  ]
}

function needFlaws(spec: JsonObject, path: string): readonly Flaw[] {
  if (at(spec, 'dnsConfig') === undefined)
    return [flawOf.required(path, 'must provide `dnsConfig` when `dnsPolicy` is None')]
  if (textsAt(spec, 'dnsConfig', 'nameservers').length > 0) return []
  const why = 'must provide at least one DNS nameserver when `dnsPolicy` is None'
  return [flawOf.required(`${path}.nameservers`, why)]
}

function configFlaws(config: JsonObject, path: string): readonly Flaw[] {
  const servers = textsAt(config, 'nameservers')
  const many = `must not have more than ${mostServers} nameservers`
  return [
    ...(servers.length > mostServers ? [flawOf.invalid(`${path}.nameservers`, servers, many)] : []),
    ...servers.flatMap((server, index) => ip(`${path}.nameservers[${index}]`, server)),
    ...searchesFlaws(textsAt(config, 'searches'), `${path}.searches`),
    ...objectsAt(config, 'options').flatMap((option, index) =>
      required(`${path}.options[${index}]`, option['name'], 'must not be empty'),
    ),
  ]
}

function searchesFlaws(searches: readonly string[], path: string): readonly Flaw[] {
  const many = `must not have more than ${mostSearches} search paths`
  const long = `must not have more than ${mostLetters} characters (including spaces) in the search list`
  return [
    ...(searches.length > mostSearches ? [flawOf.invalid(path, searches, many)] : []),
    ...(searches.join(' ').length > mostLetters ? [flawOf.invalid(path, searches, long)] : []),
    ...searches.flatMap((search, index) => searchDomain(`${path}[${index}]`, search)),
  ]
}

function aliasFlaws(alias: JsonObject, path: string): readonly Flaw[] {
  return [
    ...ip(`${path}.ip`, alias['ip']),
    ...textsAt(alias, 'hostnames').flatMap((name, index) =>
      subdomain(`${path}.hostnames[${index}]`, name),
    ),
  ]
}
