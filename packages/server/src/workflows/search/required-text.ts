/** Every line that a regular expression matches holds one of these; `fold`: in whatever letter case. */
export interface RequiredTexts {
  readonly texts: readonly string[]
  readonly fold: boolean
}

/** What can be told at a glance; undefined when that is nothing. What is in groups or repeated is not looked into. */
export function requiredTexts(source: string): RequiredTexts | undefined {
  const fold = source.startsWith('(?i)')
  const own = fold ? source.slice('(?i)'.length) : source
  // Flags that come later change what stands behind them; letters behind these escapes are a code, a class or plain text.
  if (/\(\?(?!:)|\\[\dpPQx]/.test(own)) return undefined
  const pieces = own.match(anyPiece) ?? []
  const texts = alternatives(pieces).map((one) => longestText(one, fold))
  return texts.includes('') ? undefined : { texts, fold }
}

/** An escape, a class, a count, or one letter. */
const anyPiece = /\\.|\[\^?\]?(?:\\.|\[:\^?\w+:\]|[^\]\\])*\]|\{[\d,]+\}|./gsu

/** Split where there is a `|` outside of groups; a group is one piece that says nothing. */
function alternatives(pieces: readonly string[]): readonly (readonly string[])[] {
  const all: string[][] = [[]]
  let depth = 0
  for (const piece of pieces) {
    if (piece === '(') depth += 1
    else if (piece === ')') depth -= 1
    if (depth === 0 && piece === '|') all.push([])
    else if (depth === 0 || piece === '(') all.at(-1)?.push(piece)
  }
  return all
}

function longestText(pieces: readonly string[], fold: boolean): string {
  let best = ''
  let run: string[] = []
  const end = () => {
    const text = run.join('')
    if (text.length > best.length) best = text
    run = []
  }
  for (const piece of pieces) {
    const letter = letterOf(piece, fold)
    if (/^[*?{]/.test(piece)) run.pop()
    if (letter === undefined) end()
    else run.push(letter)
  }
  end()
  return best
}

/** Itself, or a mark with a backslash before it. */
function letterOf(piece: string, fold: boolean): string | undefined {
  const letter = /^\\[^\w\s]$/u.test(piece) ? piece.slice(1) : piece
  if (letter === piece && (/^[.^$*+?[\](){}|\\]/.test(piece) || [...piece].length > 1)) {
    return undefined
  }
  // Some letters have more than two cases: the Kelvin sign is a k.
  return fold && !/^[\0-JL-RT-jl-rt-\x7f]$/.test(letter) ? undefined : letter
}
