import { parentPort } from 'node:worker_threads'
import { compileRegexp } from '@argosy/engine'
import type { Order, Outcome } from '../../archive/worker-pool.ts'
import { type LinePattern, linePattern } from './grep-lines.ts'
import { grepBufferBytes, grepPart } from './grep-part.ts'
import type { GrepQuestion } from './log-search.ts'

const buffer = Buffer.allocUnsafeSlow(grepBufferBytes)
/** Whoever searches asks many times. */
let known: LinePattern | undefined

parentPort?.on('message', ({ id, question }: Order) => {
  parentPort?.postMessage({ id, ...outcomeOf(question as GrepQuestion) } satisfies Outcome)
})

function outcomeOf({ source, step }: GrepQuestion) {
  try {
    return { answer: grepPart(step, patternOf(source), buffer) }
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) }
  }
}

function patternOf(source: string): LinePattern {
  if (known?.source === source) return known
  const regexp = compileRegexp(source)
  // Who asks has compiled it before.
  if ('error' in regexp) throw new Error(regexp.error)
  known = linePattern(source, regexp)
  return known
}
