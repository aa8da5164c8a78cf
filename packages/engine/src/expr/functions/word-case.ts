import { isSpaceText, lower } from '../go-text.ts'

type WordKind = 'number' | 'big' | 'letters' | 'connector' | 'punctuation' | 'other'

interface Word {
  readonly kind: WordKind
  readonly text: string
}

/** `someThing-else` as `some_thing_else`. */
export function withConnector(text: string, connector: string): string {
  const words = wordsOf(text)
  let out = ''
  for (let at = 0; at < words.length; ) {
    const begin = words[at]
    const next = words[at + 1]
    if (!begin) break
    out += shown(begin, connector)
    at++
    if (!next) break
    if (begin.kind === 'number') {
      const end = endOfMix(words, at)
      out += joined(words, at, end, connector)
      at = end
    } else if (begin.kind !== 'connector' && begin.kind !== 'punctuation') {
      const tail = afterWord(words, at, connector)
      out += tail.text
      at = tail.at
    }
  }
  return out
}

/** What stands between a word of letters and the next word; a number belongs to one of both. */
function afterWord(
  words: readonly Word[],
  at: number,
  connector: string,
): { readonly text: string; readonly at: number } {
  const next = words[at]
  const second = words[at + 1]
  if (next?.kind !== 'number') return { text: isOpen(next) ? connector : '', at }
  if (!second) return { text: '', at }
  if (second.kind !== 'letters')
    return { text: next.text + (isOpen(second) ? connector : ''), at: at + 1 }
  const end = endOfMix(words, at + 1)
  return { text: connector + next.text + joined(words, at + 1, end, connector), at: end }
}

/** Words from here to the end of a run of numbers and small letters, and a connector when more follows. */
function joined(words: readonly Word[], from: number, end: number, connector: string): string {
  const texts = words.slice(from, end).map(({ text }) => text)
  return texts.join('') + (isOpen(words[end]) ? connector : '')
}

function endOfMix(words: readonly Word[], from: number): number {
  let end = from
  while (words[end]?.kind === 'letters' || words[end]?.kind === 'number') end++
  return end
}

function isOpen(word: Word | undefined): boolean {
  return word !== undefined && word.kind !== 'connector' && word.kind !== 'punctuation'
}

function shown({ kind, text }: Word, connector: string): string {
  if (kind === 'connector') return Array.from(text, () => connector).join('')
  return kind === 'big' ? lower(text) : text
}

function wordsOf(text: string): readonly Word[] {
  const chars = Array.from(text)
  const words: Word[] = []
  for (let at = 0; at < chars.length; ) {
    const kind = kindOf(chars[at] ?? '')
    const end = endOf(chars, at, kind)
    words.push({ kind, text: chars.slice(at, end).join('') })
    at = end
  }
  return words
}

function endOf(chars: readonly string[], at: number, kind: WordKind): number {
  const kindAt = (index: number) => (index < chars.length ? kindOf(chars[index] ?? '') : undefined)
  let end = at + 1
  if (kind !== 'big') {
    while (kindAt(end) === kind) end++
    return end
  }
  if (kindAt(end) === 'letters') {
    while (kindAt(end) === 'letters') end++
    return end
  }
  while (kindAt(end) === 'big') end++
  // In `HTTPStatus` the last big letter begins the next word.
  return end > at + 1 && kindAt(end) === 'letters' ? end - 1 : end
}

function kindOf(char: string): WordKind {
  if (char === '-' || char === '_' || isSpaceText(char)) return 'connector'
  if (/^\p{P}$/u.test(char)) return 'punctuation'
  if (/^\p{Lu}$/u.test(char)) return 'big'
  if (/^\p{L}$/u.test(char) && !isHan(char)) return 'letters'
  return /^\p{N}$/u.test(char) ? 'number' : 'other'
}

function isHan(char: string): boolean {
  return /^[\u3400-\u4d85\u4e00-\u9fcc\u{20000}-\u{2b81d}]$/u.test(char)
}
