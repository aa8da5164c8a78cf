import { Fragment } from 'react'
import { inlineMarkdown, type Span } from '../format/inline-markdown.ts'

/** A title or a description, as its writer meant it; `linked` where a link may stand. */
export function Prose({
  text,
  linked = true,
}: {
  readonly text: string
  readonly linked?: boolean
}) {
  return inlineMarkdown(text).map((span, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the pieces have nothing else, and do not move
    <Fragment key={index}>{elementOf(span, linked)}</Fragment>
  ))
}

function elementOf({ look, text, href }: Span, linked: boolean) {
  switch (look) {
    case 'strong':
      return <strong>{text}</strong>
    case 'em':
      return <em>{text}</em>
    case 'code':
      return <code>{text}</code>
    case 'link':
      return linked ? (
        <a href={href} target="_blank" rel="noreferrer">
          {text}
        </a>
      ) : (
        text
      )
    case 'plain':
      return text
  }
}
