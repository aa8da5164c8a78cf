import type { ReactNode, Ref } from 'react'

interface ScrollTextProps {
  readonly label: string
  readonly look: string
  readonly children: ReactNode
  readonly ref?: Ref<HTMLElement>
}

/** Text that scrolls in a frame of its own, by keyboard too. */
export function ScrollText({ label, look, children, ref }: ScrollTextProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={look} aria-label={label} tabIndex={0} ref={ref}>
      <pre>{children}</pre>
    </section>
  )
}
