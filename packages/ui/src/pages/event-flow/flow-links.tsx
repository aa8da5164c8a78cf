import { standingWords } from '../../graph/flow-shape.ts'
import { Icon } from '../../parts/icon.tsx'
import { genreIcon } from './flow-box.tsx'
import type { FlowView } from './flow-view.ts'

interface FlowLinksProps {
  readonly title: string
  readonly ids: readonly string[]
  readonly view: FlowView
}

/** Ways to other boxes. */
export function FlowLinks({ title, ids, view }: FlowLinksProps) {
  const shapes = [...new Set(ids)].flatMap((id) => view.shapes.get(id) ?? [])
  if (shapes.length === 0) return null
  return (
    <section className="stack tight">
      <h3>{title}</h3>
      <ul className="stack tight">
        {shapes.map(({ id, genre, label, detail, standing }) => (
          <li key={id} className="row">
            <Icon name={genreIcon[genre]} />
            <button type="button" className="as-link" onClick={() => view.select(id)}>
              {label}
            </button>
            <span className="quiet">
              {[detail, standing === 'missing' ? standingWords.missing : '']
                .filter((word) => word !== '')
                .join(', ')}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
