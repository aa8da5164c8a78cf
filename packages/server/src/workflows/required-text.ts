/**
 * A text that every line holds which a regular expression matches, as long as it can be told at a glance; else ''.
 * What is optional, repeated, in groups or one of several is not looked into.
 */
export function requiredText(source: string): string {
  if (/[|(]/.test(source.replaceAll(/\\./gu, ''))) return ''
  let best = ''
  let run: string[] = []
  const end = (drop: boolean) => {
    const text = (drop ? run.slice(0, -1) : run).join('')
    if (text.length > best.length) best = text
    run = []
  }
  for (const piece of source.match(pieces) ?? []) {
    if (/^[*?{]/.test(piece)) end(true)
    else if (isLetter(piece)) run.push(piece.replace(/^\\/, ''))
    else end(false)
  }
  end(false)
  return best
}

/** An escape, a class, a count, or one letter. */
const pieces = /\\.|\[\^?\]?(?:\\.|\[:\^?\w+:\]|[^\]\\])*\]|\{[\d,]+\}|./gsu

/** Itself, or a mark with a backslash before it. */
function isLetter(piece: string): boolean {
  if (piece.startsWith('\\')) return /^\\[^\w\s]$/u.test(piece)
  return piece.length <= 2 && !/^[.^$*+?[\](){}|\\]/.test(piece)
}
