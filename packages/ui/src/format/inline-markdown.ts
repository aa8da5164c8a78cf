/** A piece of a line of Markdown. */
export interface Span {
  readonly look: 'plain' | 'strong' | 'em' | 'code' | 'link'
  readonly text: string
  readonly href?: string
}

const marks =
  /`([^`]+)`|\*\*(\S(?:[^*]*\S)?)\*\*|(?<![\w*])\*(\S(?:[^*]*\S)?)\*|(?<!\w)_(\S(?:[^_]*\S)?)_(?!\w)|\[([^\]]+)\]\((https?:\/\/[^\s)]+)\)/g

/** What titles and descriptions are written in: `code`, **strong**, *em*, [links](https://…). Nothing else is a mark. */
export function inlineMarkdown(text: string): readonly Span[] {
  const spans: Span[] = []
  let at = 0
  const plain = (to: number) => {
    if (to > at) spans.push({ look: 'plain', text: text.slice(at, to) })
  }
  for (const match of text.matchAll(marks)) {
    plain(match.index)
    spans.push(spanOf(match))
    at = match.index + match[0].length
  }
  plain(text.length)
  return spans
}

function spanOf([, code, strong, star, score, words, href]: RegExpMatchArray): Span {
  if (code !== undefined) return { look: 'code', text: code }
  if (strong !== undefined) return { look: 'strong', text: strong }
  if (href !== undefined) return { look: 'link', text: words ?? '', href }
  return { look: 'em', text: star ?? score ?? '' }
}
