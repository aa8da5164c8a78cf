import { styleText } from 'node:util'
import { paintFor, plain } from '../output/paint.ts'
import type { Out } from '../shell/shell.ts'
import type { WriteLine } from './logs-query.ts'

const colours = ['green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const

/** `pod: content`, in the pod's own colour on a terminal. */
export function logLines(stdout: Out, noColor = false): WriteLine {
  const coloured = !noColor && paintFor(stdout) !== plain
  return (pod, content) => {
    const line = `${pod}: ${content}`
    stdout.write(`${coloured ? styleText(colourOf(pod), line, { validateStream: false }) : line}\n`)
  }
}

function colourOf(pod: string): (typeof colours)[number] {
  let sum = 0
  for (const char of pod) sum += char.codePointAt(0) ?? 0
  return colours[sum % colours.length] ?? 'white'
}
