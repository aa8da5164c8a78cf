import { quote, utf8 } from '../go-quote.ts'
import { byteText } from '../go-text.ts'

/** A URL as Go's net/url keeps it: its parts unescaped, the query as it stands. */
export interface GoUrl {
  readonly scheme: string
  readonly opaque: string
  /** As written, escaped; undefined when there is no `@`. */
  readonly user: string | undefined
  readonly host: string
  readonly path: string
  readonly query: string
  readonly fragment: string
}

/** Thrown inside this room only; the message is the end of Go's text. */
class UrlMistake extends Error {}

/** Go's url.Parse; a text is its error. */
export function parseUrl(text: string): GoUrl | string {
  const hash = text.indexOf('#')
  const main = hash < 0 ? text : text.slice(0, hash)
  let blamed = main
  try {
    const url = parseMain(main)
    blamed = text
    return { ...url, fragment: hash < 0 ? '' : unescaped(text.slice(hash + 1), 'fragment') }
  } catch (mistake) {
    if (!(mistake instanceof UrlMistake)) throw mistake
    return `parse ${quote(blamed)}: ${mistake.message}`
  }
}

function parseMain(text: string): GoUrl {
  const empty = { scheme: '', opaque: '', user: undefined, host: '', query: '', fragment: '' }
  if (/[\u0000-\u001f\u007f]/.test(text)) fail('net/url: invalid control character in URL')
  if (text === '*') return { ...empty, path: '*' }
  if (text.startsWith(':')) fail('missing protocol scheme')
  const [prefix = '', name = ''] = /^([a-zA-Z][a-zA-Z\d+.-]*):/.exec(text) ?? []
  const scheme = name.toLowerCase()
  const [rest, query] = cut(text.slice(prefix.length), '?')
  const found = { ...empty, scheme, query }
  if (rest.startsWith('/')) return { ...found, ...authorityAndPath(rest, scheme) }
  if (scheme !== '') return { ...found, opaque: rest, path: '' }
  if (cut(rest, '/')[0].includes(':')) fail('first path segment in URL cannot contain colon')
  return { ...found, path: unescaped(rest, 'path') }
}

function authorityAndPath(rest: string, scheme: string): Pick<GoUrl, 'user' | 'host' | 'path'> {
  const hasAuthority = rest.startsWith('//') && (scheme !== '' || !rest.startsWith('///'))
  if (!hasAuthority) return { user: undefined, host: '', path: unescaped(rest, 'path') }
  const [, authority = '', path = ''] = /^\/\/([^/]*)([\s\S]*)$/.exec(rest) ?? []
  const at = authority.lastIndexOf('@')
  const host = parseHost(scheme, authority.slice(at + 1))
  const user = at < 0 ? undefined : parseUser(authority.slice(0, at))
  return { user, host, path: unescaped(path, 'path') }
}

function parseUser(text: string): string {
  if (!/^[\w.:~!$&'()*+,;=%@-]*$/.test(text)) fail('net/url: invalid userinfo')
  const [name, password] = cut(text, ':')
  const written = (part: string) => escaped(unescaped(part, 'user'), 'user')
  return text.includes(':') ? `${written(name)}:${written(password)}` : written(name)
}

function parseHost(scheme: string, host: string): string {
  const open = host.lastIndexOf('[')
  if (open > 0) return fail('invalid IP-literal')
  if (open === 0) return parseLiteral(host)
  const isStrict = scheme === 'http' || scheme === 'https'
  const colon = isStrict ? host.indexOf(':') : host.lastIndexOf(':')
  if (colon >= 0) checkPort(host.slice(colon))
  return unescaped(host, 'host')
}

function parseLiteral(host: string): string {
  const close = host.lastIndexOf(']')
  if (close < 0) return fail("missing ']' in host")
  checkPort(host.slice(close + 1))
  const [address, zone] = cut(host.slice(1, close), '%25')
  const isAddress = /^[\da-f:]*:[\da-f:.]*$/i.test(address)
  if (!isAddress) fail(`invalid host: ParseAddr(${quote(address)}): unable to parse IP`)
  return `[${address}${zone === '' ? '' : `%${zone}`}]${host.slice(close + 1)}`
}

function checkPort(text: string): void {
  if (!/^(?::\d*)?$/.test(text)) fail(`invalid port ${quote(text)} after host`)
}

function cut(text: string, separator: string): readonly [string, string] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)]
}

type Part = 'path' | 'host' | 'user' | 'fragment'

/** What may stand in a part as it is. */
const plain: Readonly<Record<Part, RegExp>> = {
  path: /^[\w.~$&+,/:;=@-]$/,
  host: /^[\w.~!$&'()*+,;=:[\]<>"-]$/,
  user: /^[\w.~$&+,;=-]$/,
  fragment: /^[\w.~$&+,/:;=?@!()*-]$/,
}

function unescaped(text: string, part: Part): string {
  const bytes: number[] = []
  for (let at = 0; at < text.length; ) {
    const char = String.fromCodePoint(text.codePointAt(at) ?? 0)
    if (char === '%') {
      bytes.push(escapedByte(text.slice(at, at + 3), part))
      at += 3
      continue
    }
    if (part === 'host' && char < '\u0080' && !plain.host.test(char))
      fail(`invalid character ${quote(char)} in host name`)
    bytes.push(...utf8(char))
    at += char.length
  }
  return byteText(Uint8Array.from(bytes))
}

function escapedByte(text: string, part: Part): number {
  const isWell = /^%[\da-f]{2}$/i.test(text)
  const byte = Number.parseInt(text.slice(1), 16)
  // A host may escape only what is not ASCII.
  if (!isWell || (part === 'host' && byte < 0x80)) fail(`invalid URL escape ${quote(text)}`)
  return byte
}

function escaped(text: string, part: Part): string {
  return Array.from(text, (char) => {
    if (plain[part].test(char)) return char
    const bytes = Array.from(utf8(char), hexed)
    return bytes.join('')
  }).join('')
}

const hexed = (byte: number) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`

/** Go's URL.String(). */
export function urlText(url: GoUrl): string {
  const { scheme, opaque, path, query, fragment } = url
  const main = opaque === '' ? authorityText(url) + pathText(url, path) : opaque
  const tail = (query && `?${query}`) + (fragment && `#${escaped(fragment, 'fragment')}`)
  return (scheme && `${scheme}:`) + main + tail
}

function authorityText({ scheme, host, user, path }: GoUrl): string {
  const has = host !== '' || user !== undefined
  if (!has && (scheme === '' || path === '')) return ''
  return `//${user === undefined ? '' : `${user}@`}${escaped(host, 'host')}`
}

function pathText({ scheme, host, user }: GoUrl, path: string): string {
  if (path === '*') return host === '' ? path : `/${path}`
  const text = escaped(path, 'path')
  if (text === '' || text.startsWith('/')) return text
  if (host !== '') return `/${text}`
  const isFirst = scheme === '' && user === undefined
  return isFirst && cut(text, '/')[0].includes(':') ? `./${text}` : text
}

/** The host without its port and brackets. */
export function hostName(host: string): string {
  const [, inner] = /^\[(.*)\](?::\d*)?$/.exec(host) ?? []
  return inner ?? host.replace(/:\d*$/, '')
}

function fail(message: string): never {
  throw new UrlMistake(message)
}
