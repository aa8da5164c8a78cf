interface Failed {
  readonly error: string
}

const controls: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '`': '`',
  '?': '?',
}

/** The text between the quotes of a string literal, its escapes resolved. */
export function unescapeText(chars: readonly string[]): string | Failed {
  let out = ''
  const failed = walk(chars, (piece) => {
    out += typeof piece === 'number' ? fromCode(piece) : piece
  })
  return failed ?? out
}

/** The same for a bytes literal, where \x and octal escapes are bytes and \u does not exist. */
export function unescapeBytes(chars: readonly string[]): Uint8Array | Failed {
  const out: number[] = []
  const failed = walk(
    chars,
    (piece) => {
      if (typeof piece === 'number') out.push(piece)
      else out.push(...new TextEncoder().encode(piece))
    },
    true,
  )
  return failed ?? Uint8Array.from(out)
}

function fromCode(code: number): string {
  return code >= 0xd800 && code <= 0xdfff ? '\ufffd' : String.fromCodePoint(code)
}

function walk(
  chars: readonly string[],
  put: (piece: string | number) => void,
  bytes = false,
): Failed | undefined {
  const text = chars.join('').replace(/\r\n?/g, '\n')
  for (let at = 0; at < text.length; ) {
    if (text[at] !== '\\') {
      const char = String.fromCodePoint(text.codePointAt(at) ?? 0)
      put(char)
      at += char.length
      continue
    }
    const found = readEscape(text.slice(at + 1, at + 12), bytes)
    if ('error' in found) return found
    put(found.piece)
    at += 1 + found.length
  }
  return undefined
}

const unknown: Failed = { error: 'unable to unescape string' }

function readEscape(
  rest: string,
  bytes: boolean,
): { readonly piece: string | number; readonly length: number } | Failed {
  const [char = ''] = rest
  if (char === '') return { error: "unable to unescape string, found '\\' as last character" }
  const control = Object.hasOwn(controls, char) ? controls[char] : undefined
  if (control !== undefined) return { piece: control, length: 1 }
  if (/^[0-3]$/.test(char)) return readOctal(rest, bytes)
  const pattern = bytes
    ? /^[xX]([0-9a-fA-F]{2})/
    : /^(?:[xX]([0-9a-fA-F]{2})|u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/
  const match = pattern.exec(rest)
  if (!match) return unknown
  const code = Number.parseInt(match[1] ?? match[2] ?? match[3] ?? match[4] ?? '', 16)
  return code > 0x10ffff ? unknown : { piece: code, length: match[0].length }
}

function readOctal(rest: string, bytes: boolean) {
  const match = /^[0-3][0-7]{2}/.exec(rest)
  if (!match) return { error: 'unable to unescape octal sequence in string' }
  const code = Number.parseInt(match[0], 8)
  return bytes && code > 255 ? unknown : { piece: code, length: 3 }
}
