import type { Phase } from '../format/phase.ts'
import { Icon, type IconName } from './icon.tsx'

export const phaseIcon: Readonly<Record<Phase, IconName>> = {
  Running: 'turning',
  Pending: 'dots',
  Succeeded: 'check',
  Failed: 'cross',
  Error: 'warn',
  Skipped: 'skip',
  Omitted: 'minus',
}

/** A phase as a sign and a word: never as a colour alone. */
export function PhaseMark({
  phase,
  word = phase,
}: {
  readonly phase: Phase
  readonly word?: string
}) {
  return (
    <span className="phase" data-phase={phase}>
      <Icon name={phaseIcon[phase]} />
      {word}
    </span>
  )
}
