const over: ReadonlySet<string | undefined> = new Set([
  'Succeeded',
  'Failed',
  'Error',
  'Skipped',
  'Omitted',
])

/** A workflow or node in this phase will not change by itself any more. */
export function isOver(phase: string | undefined): boolean {
  return over.has(phase)
}

/** Ended otherwise than wished. */
export function hasFailed(phase: string | undefined): boolean {
  return phase === 'Failed' || phase === 'Error'
}
