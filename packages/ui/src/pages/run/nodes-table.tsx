import type { NodeStatus } from '@argosy/engine'
import { useDeferredValue, useMemo, useState } from 'react'
import { nodePhase, type Phase, phases, urgency } from '../../format/phase.ts'
import { exactTime, lasted } from '../../format/time.ts'
import type { Nodes } from '../../graph/owners.ts'
import { Icon } from '../../parts/icon.tsx'
import { PhaseMark } from '../../parts/phase-mark.tsx'
import { useVisibleRows } from '../../parts/use-visible-rows.ts'

interface NodesTableProps {
  readonly nodes: Nodes
  readonly selected: string | undefined
  readonly select: (id: string | undefined) => void
  readonly now: number
}

const rowHeight = 30

/** Every node as text that can be searched, failed ones first. */
export function NodesTable({ nodes, selected, select, now }: NodesTableProps) {
  const [text, setText] = useState('')
  const [phase, setPhase] = useState<Phase>()
  const wanted = useDeferredValue(text)
  const shown = useMemo(() => filterNodes(nodes, wanted, phase), [nodes, wanted, phase])
  const { ref, window } = useVisibleRows(shown.length, rowHeight)
  return (
    <div className="page">
      <search className="bar">
        <div className="search">
          <Icon name="search" />
          <input
            className="input"
            type="search"
            aria-label="Search steps"
            placeholder="Name, template, message"
            value={text}
            onChange={({ target }) => setText(target.value)}
          />
        </div>
        <select
          className="input"
          style={{ width: 'auto' }}
          aria-label="Phase"
          value={phase ?? ''}
          onChange={({ target }) => setPhase(phases.find((one) => one === target.value))}
        >
          <option value="">every phase</option>
          {phases.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </select>
        <span className="quiet" role="status">
          {shown.length.toLocaleString('en')} steps
        </span>
      </search>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className="scroller" ref={ref} aria-label="Steps" tabIndex={0}>
        <table className="rows nodes" aria-rowcount={shown.length + 1}>
          <thead>
            <tr>
              <th className="phase-column">Phase</th>
              <th>Name</th>
              <th className="type-column">Type</th>
              <th className="template-column">Template</th>
              <th className="number">Duration</th>
              <th className="message-column">Message</th>
            </tr>
          </thead>
          <tbody>
            <tr className="gap" style={{ height: window.before }} />
            {shown.slice(window.first, window.end).map((node) => (
              <Row
                key={node.id}
                node={node}
                chosen={node.id === selected}
                select={select}
                now={now}
              />
            ))}
            <tr className="gap" style={{ height: window.after }} />
          </tbody>
        </table>
      </section>
    </div>
  )
}

interface RowProps {
  readonly node: NodeStatus
  readonly chosen: boolean
  readonly select: (id: string) => void
  readonly now: number
}

function Row({ node, chosen, select, now }: RowProps) {
  return (
    <tr data-chosen={chosen} style={{ height: rowHeight }}>
      <td>
        <PhaseMark phase={nodePhase(node)} />
      </td>
      <td title={node.name}>
        <button
          type="button"
          className="as-link"
          aria-pressed={chosen}
          onClick={() => select(node.id)}
        >
          {node.displayName || node.name}
        </button>
      </td>
      <td className="quiet">{node.type}</td>
      <td className="quiet">{node.templateRef?.template ?? node.templateName}</td>
      <td className="number" title={exactTime(node.startedAt)}>
        {lasted(node.startedAt, node.finishedAt, now)}
      </td>
      <td className="quiet" title={node.message}>
        {node.message}
      </td>
    </tr>
  )
}

/** Those with the text in what they say of themselves; the urgent first, then in the order of their start. */
function filterNodes(nodes: Nodes, text: string, phase: Phase | undefined): readonly NodeStatus[] {
  const word = text.trim().toLowerCase()
  const fits = (node: NodeStatus) =>
    (phase === undefined || nodePhase(node) === phase) &&
    [node.name, node.displayName, node.templateName, node.message, node.id].some((one) =>
      one?.toLowerCase().includes(word),
    )
  return Object.values(nodes)
    .filter(fits)
    .sort(
      (a, b) =>
        urgency[nodePhase(a)] - urgency[nodePhase(b)] ||
        (a.startedAt ?? '').localeCompare(b.startedAt ?? ''),
    )
}
