import { formatLayout } from './go-time/format-layout.ts'
import { timeFromMs } from './go-time/go-time.ts'

const layouts: Readonly<Record<string, string>> = {
  B: 'January',
  b: 'Jan',
  m: '01',
  A: 'Monday',
  a: 'Mon',
  d: '02',
  H: '15',
  I: '03',
  M: '04',
  S: '05',
  Y: '2006',
  y: '06',
  p: 'PM',
  Z: 'MST',
  z: '-0700',
  L: '.000',
}

/** The characters that may follow `workflow.creationTimestamp.`. */
export const strftimeCharacters: readonly string[] = Object.keys(layouts)

/** Writes a UTC time by strftime's letters; a letter that Argo does not know stays as it is. */
export function strftime(format: string, ms: number): string {
  const time = timeFromMs(ms)
  return format.replace(/%(.)/gsu, (all, letter: string) => {
    if (letter === '%') return '%'
    const layout = Object.hasOwn(layouts, letter) ? layouts[letter] : undefined
    return layout === undefined ? all : formatLayout(time, layout)
  })
}
