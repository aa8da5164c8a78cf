import { type GoFunction, goFunction } from '../go-function.ts'
import { panic } from '../go-panic.ts'
import { kindOf } from './kind.ts'

type Dict = Readonly<Record<string, unknown>>

/** Sprig's functions on URLs. */
export const urlFunctions: Readonly<Record<string, GoFunction>> = {
  urlParse: goFunction('string -> map', parse),
  urlJoin: goFunction('map -> string', join),
}

function parse(text: string): Record<string, unknown> {
  if (/[\u0000-\u0020\u007f]/.test(text.replaceAll(' ', '')))
    panic(
      `unable to parse url: parse ${JSON.stringify(text)}: net/url: invalid control character in URL`,
    )
  const [, scheme = '', rest = ''] = /^(?:([a-zA-Z][a-zA-Z\d+.-]*):)?([\s\S]*)$/.exec(text) ?? []
  const [, main = '', query = '', fragment = ''] =
    /^([^?#]*)(?:\?([^#]*))?(?:#([\s\S]*))?$/.exec(rest) ?? []
  const isOpaque = scheme !== '' && !main.startsWith('/')
  const [, authority, path = ''] = /^(?:\/\/([^/]*))?([\s\S]*)$/.exec(isOpaque ? '' : main) ?? []
  const at = (authority ?? '').lastIndexOf('@')
  const host = (authority ?? '').slice(at + 1)
  return {
    scheme: scheme.toLowerCase(),
    host,
    hostname: host.replace(/:\d*$/, '').replace(/^\[(.*)\]$/, '$1'),
    path: decoded(path),
    query,
    opaque: isOpaque ? main : '',
    fragment: decoded(fragment),
    userinfo: at < 0 ? '' : (authority ?? '').slice(0, at),
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function join(dict: Dict): string {
  const part = (key: string): string => {
    const value = dict[key]
    if (value === undefined) return ''
    if (typeof value === 'string') return value
    return panic(`unable to parse ${key} key, must be of type string, but ${kindOf(value)} found`)
  }
  const [scheme, host, userinfo, path] = [
    part('scheme'),
    part('host'),
    part('userinfo'),
    part('path'),
  ]
  const authority =
    host !== '' || userinfo !== '' ? `//${userinfo === '' ? '' : `${userinfo}@`}${host}` : ''
  const slash = authority !== '' && path !== '' && !path.startsWith('/') ? '/' : ''
  const body = part('opaque') || authority + slash + encodeURI(path)
  const query = part('query')
  const fragment = part('fragment')
  return `${scheme === '' ? '' : `${scheme}:`}${body}${query === '' ? '' : `?${query}`}${fragment === '' ? '' : `#${encodeURI(fragment)}`}`
}
