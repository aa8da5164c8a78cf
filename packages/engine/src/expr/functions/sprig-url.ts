import { type GoFunction, goFunction } from '../go-function.ts'
import { panic } from '../go-panic.ts'
import { hostName, parseUrl, urlText } from './go-url.ts'
import { kindOf } from './kind.ts'

type Dict = Readonly<Record<string, unknown>>

/** Sprig's functions on URLs. */
export const urlFunctions: Readonly<Record<string, GoFunction>> = {
  urlParse: goFunction('string -> map', (text: string) => {
    const url = parseUrl(text)
    if (typeof url === 'string') return panic(`unable to parse url: ${url}`)
    const { user = '', ...rest } = url
    return { ...rest, hostname: hostName(url.host), userinfo: user }
  }),
  urlJoin: goFunction('map -> string', join),
}

function join(dict: Dict): string {
  const part = (key: string): string => {
    const value = dict[key]
    if (value === undefined) return ''
    if (typeof value === 'string') return value
    return panic(`unable to parse ${key} key, must be of type string, but ${kindOf(value)} found`)
  }
  return urlText({
    scheme: part('scheme'),
    host: part('host'),
    path: part('path'),
    query: part('query'),
    opaque: part('opaque'),
    fragment: part('fragment'),
    user: userOf(part('userinfo')),
  })
}

function userOf(text: string): string | undefined {
  if (text === '') return undefined
  const url = parseUrl(`proto://${text}@host`)
  return typeof url === 'string' ? panic(`unable to parse userinfo in dict: ${url}`) : url.user
}
