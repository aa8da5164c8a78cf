import { type FlowGenre, type FlowShape, isTrouble, standingWords } from '../../graph/flow-shape.ts'
import { GraphBox } from '../../parts/graph-box.tsx'
import type { BoxProps } from '../../parts/graph-picture.tsx'
import { Icon, type IconName } from '../../parts/icon.tsx'
import { phaseIcon } from '../../parts/phase-mark.tsx'

export const genreIcon: Readonly<Record<FlowGenre, IconName>> = {
  source: 'signal',
  event: 'bolt',
  bus: 'layers',
  sensor: 'eye',
  trigger: 'play',
  entry: 'globe',
  binding: 'link',
  run: 'dots',
  more: 'list',
}

export const genreWords: Readonly<Record<FlowGenre, string>> = {
  source: 'event source',
  event: 'event',
  bus: 'event bus',
  sensor: 'sensor',
  trigger: 'trigger',
  entry: 'address for events',
  binding: 'event binding',
  run: 'run',
  more: 'list of runs',
}

interface FlowBoxProps extends BoxProps<FlowShape> {
  readonly isRelated: boolean
  readonly select: (shape: FlowShape) => void
}

/** One box of the flow. */
export function FlowBox({ isRelated, select, ...box }: FlowBoxProps) {
  const { shape } = box
  const { label, detail, genre, phase, standing } = shape
  const words = standing === 'run' ? phase : standingWords[standing]
  return (
    <GraphBox
      {...box}
      className="flow-box"
      title={`${label}\n${genreWords[genre]}${words && genre !== 'more' ? `: ${words}` : ''}`}
      marks={{ 'data-standing': standing, 'data-genre': genre, 'data-related': isRelated }}
      select={() => select(shape)}
    >
      <Icon name={genre === 'run' ? phaseIcon[phase] : genreIcon[genre]} />
      <span className="node-label">{label}</span>
      <span className="unseen">
        : {genreWords[genre]}
        {genre !== 'more' && words && `, ${words}`},{' '}
      </span>
      {detail && fits(label, detail) && <span className="node-time">{detail}</span>}
      {isTrouble(standing) && <Icon name="warn" />}
    </GraphBox>
  )
}

/** Beside a long label a detail would be one letter wide; the panel has both. */
function fits(label: string, detail: string): boolean {
  return label.length + detail.length < 24
}
